import { shorten, uncoveredLabels } from './labels';

const label = (text: string, xPx: number, yPx: number, priority = 0) => ({ text, xPx, yPx, priority });
const texts = (...labels: Array<ReturnType<typeof label>>) => uncoveredLabels(labels, 10).map(({ text }) => text);

it('keeps labels that stand apart, side by side or one above the other', () => {
  expect(texts(label('robot-1', 0, 0), label('robot-2', 60, 0), label('robot-3', 0, 20))).toEqual([
    'robot-1',
    'robot-2',
    'robot-3',
  ]);
});

it('leaves out a label that would cover an earlier one', () => {
  expect(texts(label('robot-1', 0, 0), label('robot-2', 20, 5))).toEqual(['robot-1']);
});

it('gives the place to the label of higher priority', () => {
  expect(texts(label('idle', 0, 0, 4), label('error', 10, 0, 1))).toEqual(['error']);
});

it('does not let a label that was left out cover another one', () => {
  expect(texts(label('aaaa', 0, 0), label('bbbb', 20, 0), label('cccc', 40, 0))).toEqual(['aaaa', 'cccc']);
});

it('covers no marker with a name, but for the name of a selected robot', () => {
  const around = { markers: [{ xPx: 10, yPx: -4 }], markerPx: 20 };
  expect(uncoveredLabels([label('robot-1', 0, 0)], 10, around)).toEqual([]);
  expect(uncoveredLabels([label('robot-1', 0, 0, -1)], 10, around)).toHaveLength(1);
  expect(uncoveredLabels([label('robot-1', 0, 25)], 10, around)).toHaveLength(1);
});

it('writes the age of a silent robot above it where a neighbour stands below', () => {
  const around = {
    markers: [
      { xPx: 0, yPx: -25 },
      { xPx: 5, yPx: -4 },
    ],
    markerPx: 20,
  };
  const [moved] = uncoveredLabels([{ ...label('robot-1 · 3 min', 0, 0, 2), yOtherPx: -43 }], 10, around);
  expect(moved?.yPx).toBe(-43);
});

it('covers no text that stands already, not even with the name of a selected robot', () => {
  const texts = [label('Dock', 0, 5)];
  expect(uncoveredLabels([label('robot-1', 0, 0, -1)], 10, { texts })).toEqual([]);
  const [moved] = uncoveredLabels([{ ...label('robot-1', 0, 0), yOtherPx: -40 }], 10, { texts });
  expect(moved?.yPx).toBe(-40);
  const [stays] = uncoveredLabels([{ ...label('robot-1', 0, 50), yOtherPx: 5 }], 10, { texts });
  expect(stays?.yPx).toBe(50);
});

it('cuts long names in the middle, between letters', () => {
  expect(shorten('amr-0007')).toBe('amr-0007');
  expect(shorten(`warehouse-eu-${'autonomous-mobile-'.repeat(5)}robot-0007`)).toBe('warehouse-eu-…ile-robot-0007');
  expect(Array.from(shorten('🤖'.repeat(40)))).toHaveLength(28);
});

it('draws no more than the limit', () => {
  const many = Array.from({ length: 20 }, (_, k) => label('r', k * 100, 0));
  expect(uncoveredLabels(many, 5)).toHaveLength(5);
});
