import { parseRosMap, rosMapGeometry } from '@floorwatch/ingestor/plans/ros-map';
import type { FloorMapOptions } from '../options';
import { decodeImage } from './decodeImage';
import type { RawPlan } from './rawPlan';

type Placement = Pick<
  FloorMapOptions,
  'planUrl' | 'planMetresPerPixel' | 'planOriginXMetres' | 'planOriginYMetres' | 'planYawDegrees'
>;

/**
 * Loads a plan from the address in the options: a ROS map YAML with the image beside it, or an image placed by the options.
 * @throws Error in one sentence that names the address
 */
export async function loadPlanFromUrl(options: Placement): Promise<RawPlan> {
  const address = new URL(options.planUrl, window.location.href).href;
  const name = fileName(address);
  if (/\.ya?ml$/i.test(new URL(address).pathname)) {
    const map = parseRosMap(new TextDecoder().decode((await fetchFile(address)).bytes), name);
    const imageAddress = new URL(map.image, address).href;
    const file = await fetchFile(imageAddress);
    const decoded = await decodeImage(file.bytes, file.type, fileName(imageAddress));
    return { image: decoded.image, geometry: rosMapGeometry(map, decoded.widthPixels, decoded.heightPixels) };
  }
  if (!(options.planMetresPerPixel > 0)) throw new Error(`${name}: metres per pixel must be above 0.`);
  const file = await fetchFile(address);
  const { image, widthPixels, heightPixels } = await decodeImage(file.bytes, file.type, name);
  return {
    image,
    geometry: {
      widthPixels,
      heightPixels,
      metresPerPixel: options.planMetresPerPixel,
      originXMetres: options.planOriginXMetres,
      originYMetres: options.planOriginYMetres,
      yawRadians: (options.planYawDegrees * Math.PI) / 180,
    },
  };
}

function fileName(address: string): string {
  return new URL(address).pathname.split('/').pop() || address;
}

async function fetchFile(address: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; type: string }> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error(
      `${fileName(address)}: ${new URL(address).host} does not answer, or does not let this page read it.`
    );
  }
  if (!response.ok) throw new Error(`${fileName(address)}: the server answered ${response.status}.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, type: response.headers.get('content-type') ?? '' };
}
