import { PaintBudget } from './paintBudget';

it('paints a cheap sheet in every frame', () => {
  const budget = new PaintBudget(0);
  expect(budget.isDue(0)).toBe(true);
  budget.note(0, 4);
  expect(budget.isDue(16)).toBe(true);
});

it('lets an expensive sheet rest three times as long as it took', () => {
  const budget = new PaintBudget(0);
  budget.note(0, 20);
  expect(budget.isDue(20 + 59)).toBe(false);
  expect(budget.isDue(20 + 60)).toBe(true);
});

it('paints at once what has changed', () => {
  const budget = new PaintBudget(0);
  budget.note(0, 20);
  budget.expire();
  expect(budget.isDue(21)).toBe(true);
});

it('rests neither too short nor without end', () => {
  const budget = new PaintBudget(120);
  budget.note(0, 1);
  expect(budget.isDue(100)).toBe(false);
  budget.note(0, 1_000);
  expect(budget.isDue(2_000)).toBe(true);
});
