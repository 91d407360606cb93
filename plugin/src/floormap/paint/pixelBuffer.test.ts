import { blend, PixelBuffer } from './pixelBuffer';

const RED = 0xff0000ff;
const GREEN = 0xff00ff00;
const HALF_GREEN = 0x8000ff00;

describe('one pixel over another', () => {
  it('hides it when opaque', () => {
    expect(blend(GREEN, RED, 1)).toBe(GREEN);
  });

  it('leaves it when fully transparent', () => {
    expect(blend(GREEN, RED, 0)).toBe(RED);
    expect(blend(0, 0, 1)).toBe(0);
  });

  it('keeps its own colour over nothing, as not premultiplied', () => {
    expect(blend(HALF_GREEN, 0, 1)).toBe(HALF_GREEN);
    expect(blend(GREEN, 0, 0.5)).toBe(HALF_GREEN);
  });

  it('mixes by its share', () => {
    expect(blend(GREEN, RED, 0.5)).toBe(0xff007f7f);
    expect(blend(HALF_GREEN, 0x800000ff, 1)).toBe(0xc000aa54);
  });
});

describe('copying sprites', () => {
  /** Two cells of 2 × 2 beside each other: red, and green with a hole. */
  const pixels = Uint32Array.from([RED, RED, GREEN, 0, RED, RED, GREEN, GREEN]);
  const cell = (xPx: number) => ({ pixels, stridePx: 4, xPx, yPx: 0, sidePx: 2 });
  const rows = (buffer: PixelBuffer) =>
    Array.from({ length: buffer.heightPx }, (_, y) =>
      Array.from({ length: buffer.widthPx }, (__, x) =>
        buffer.pixelAt(x, y) === RED ? 'r' : buffer.pixelAt(x, y) === GREEN ? 'g' : '.'
      ).join('')
    );

  it('puts a later one over an earlier one, and its holes show that', () => {
    const buffer = new PixelBuffer();
    buffer.begin(4, 3);
    buffer.copy(cell(0), 0, 0, 1);
    buffer.copy(cell(2), 1, 0, 1);
    expect(rows(buffer)).toEqual(['rg..', 'rgg.', '....']);
  });

  it.each([
    [-1, -1, ['r...', '....', '....']],
    [3, 2, ['....', '....', '...r']],
    [-2, 0, ['....', '....', '....']],
    [4, 3, ['....', '....', '....']],
  ])('leaves out what reaches beyond the buffer, at %i, %i', (x, y, expected) => {
    const buffer = new PixelBuffer();
    buffer.begin(4, 3);
    buffer.copy(cell(0), x, y, 1);
    expect(rows(buffer)).toEqual(expected);
  });

  it('is empty again for the next drawing, whatever its size', () => {
    const buffer = new PixelBuffer();
    buffer.begin(4, 3);
    buffer.copy(cell(0), 0, 0, 1);
    buffer.begin(3, 4);
    expect(rows(buffer)).toEqual(['...', '...', '...', '...']);
  });
});
