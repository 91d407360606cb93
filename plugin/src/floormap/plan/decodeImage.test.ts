import { decodeImage } from './decodeImage';

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);
const decode = jest.fn(() => Promise.resolve());

/** An image of the browser that says its size once it is loaded. */
class LoadedImage {
  onload = () => undefined;
  onerror = () => undefined;
  decode = decode;
  naturalWidth = 0;
  naturalHeight = 0;
  set src(address: string) {
    // `blob:` is not in img-src of Grafana's strict Content Security Policy.
    expect(address).toMatch(/^data:image\/png;base64,/);
    Object.assign(this, { naturalWidth: sidePixels, naturalHeight: sidePixels });
    setTimeout(sidePixels > 0 ? this.onload : this.onerror);
  }
}

let sidePixels = 0;
const imageOf = (side: number) => {
  sidePixels = side;
  return decodeImage(PNG, 'image/png', 'hall.png');
};

beforeEach(() => {
  decode.mockClear();
  window.Image = LoadedImage as unknown as typeof Image;
});

it('refuses an image of 20,000 × 20,000 before it is decoded, which would take all memory', async () => {
  await expect(imageOf(20_000)).rejects.toThrow(/^hall\.png: 20000 × 20000 pixels are too many/);
  expect(decode).not.toHaveBeenCalled();
});

it('decodes one that can be drawn', async () => {
  expect((await imageOf(100)).widthPixels).toBe(100);
  expect(decode).toHaveBeenCalledTimes(1);
});

it('names what is no image', async () => {
  await expect(imageOf(0)).rejects.toThrow('hall.png is not an image that the browser can read.');
});
