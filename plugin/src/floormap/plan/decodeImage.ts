import { decodePgm, type GreyImage } from '@floorwatch/floorplan/pgm';
import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';
import { checkSize } from './rawPlan';

export interface DecodedImage {
  image: CanvasImageSource;
  widthPixels: number;
  heightPixels: number;
}

/**
 * Decodes an image file: PGM by our own decoder, everything else by the browser.
 * @param name what errors call it
 * @throws Error in one sentence that names the image
 */
export async function decodeImage(bytes: Uint8Array<ArrayBuffer>, type: string, name: string): Promise<DecodedImage> {
  if (isPgm(bytes)) return paintGrey(decodePgm(bytes, name), name);
  const image = await decodeInBrowser(new Blob([bytes], { type }), name);
  return { image, widthPixels: image.naturalWidth, heightPixels: image.naturalHeight };
}

function isPgm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && (bytes[1] === 0x35 || bytes[1] === 0x32);
}

async function decodeInBrowser(blob: Blob, name: string): Promise<HTMLImageElement> {
  // An element, not a bitmap: only elements decode SVG.
  const image = new Image();
  const unreadable = () =>
    new Error(t('map.plan.no_image', '{{name}} is not an image that the browser can read.', { name, ...UNESCAPED }));
  const address = await dataUrlOf(blob);
  await new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(unreadable());
    image.src = address;
  });
  // Loaded, its size is known; decoded, 20,000 × 20,000 pixels would take 1.6 GB.
  checkSize(name, image.naturalWidth, image.naturalHeight);
  await image.decode().catch(() => Promise.reject(unreadable()));
  return image;
}

/** Grafana's strict Content Security Policy allows images from `data:`, and none from `blob:`. */
function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () =>
      reject(reader.error ?? new Error(t('map.plan.image_unread', 'The image could not be read.')));
    reader.readAsDataURL(blob);
  });
}

function paintGrey({ grey, widthPixels, heightPixels }: GreyImage, name: string): DecodedImage {
  checkSize(name, widthPixels, heightPixels);
  const rgba = new ImageData(widthPixels, heightPixels);
  const words = new Uint32Array(rgba.data.buffer);
  grey.forEach((level, pixel) => (words[pixel] = 0xff000000 | (level * 0x010101)));
  const image = document.createElement('canvas');
  image.width = widthPixels;
  image.height = heightPixels;
  image.getContext('2d')?.putImageData(rgba, 0, 0);
  return { image, widthPixels, heightPixels };
}
