import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';
import type { ImagePlacement } from './planOptions';
import { decodeImage, type DecodedImage } from './decodeImage';
import type { RawPlan } from './rawPlan';

/**
 * Loads a plan from an address: a ROS map YAML with the image beside it, or an image with the placement of the options.
 * @throws Error in one sentence that names the address
 */
export async function loadPlanFromUrl(planUrl: string, placement: ImagePlacement): Promise<RawPlan> {
  const address = absolute(planUrl);
  const name = fileName(address);
  if (isRosMap(planUrl)) {
    const { parseRosMap, rosMapGeometry } = await loadRosMapReader(name);
    const map = parseRosMap(new TextDecoder().decode((await fetchFile(address)).bytes), name);
    const decoded = await loadImage(new URL(map.image, address).href);
    return { image: decoded.image, geometry: rosMapGeometry(map, decoded.widthPixels, decoded.heightPixels) };
  }
  const { metresPerPixel, originXMetres, originYMetres, yawDegrees } = placement;
  if (!(metresPerPixel > 0)) {
    throw new Error(t('map.plan.no_scale', '{{name}}: metres per pixel must be above 0.', { name, ...UNESCAPED }));
  }
  const { image, widthPixels, heightPixels } = await loadImage(planUrl);
  return {
    image,
    geometry: {
      widthPixels,
      heightPixels,
      metresPerPixel,
      originXMetres,
      originYMetres,
      yawRadians: (yawDegrees * Math.PI) / 180,
    },
  };
}

/** Loaded when it is needed: its YAML parser is a third of the panel's code, and few panels have such a plan. */
async function loadRosMapReader(name: string): Promise<typeof import('@floorwatch/floorplan/ros-map')> {
  try {
    return await import(/* webpackChunkName: "ros-map" */ '@floorwatch/floorplan/ros-map');
  } catch {
    throw new Error(
      t(
        'map.plan.no_reader',
        "{{name}}: the panel's reader of ROS maps could not be loaded from Grafana: reload the page.",
        { name, ...UNESCAPED }
      )
    );
  }
}

/** Whether an address is that of a ROS map, which brings its own placement. */
export function isRosMap(planUrl: string): boolean {
  return /\.ya?ml$/i.test(parseAddress(planUrl)?.pathname ?? '');
}

/**
 * Loads an image alone.
 * @throws Error in one sentence that names the address
 */
export async function loadImage(address: string): Promise<DecodedImage> {
  const file = await fetchFile(absolute(address));
  return decodeImage(file.bytes, file.type, fileName(absolute(address)));
}

function absolute(address: string): string {
  const parsed = parseAddress(address);
  if (!parsed) {
    throw new Error(t('map.plan.no_address', '"{{address}}" is not an address.', { address, ...UNESCAPED }));
  }
  // The dashboard, and each of its versions, would hold the whole picture.
  if (parsed.protocol === 'data:') {
    throw new Error(t('map.plan.data', 'A plan must be a file with an address, not data in its place.'));
  }
  return parsed.href;
}

function parseAddress(address: string): URL | null {
  try {
    return new URL(address, window.location.href);
  } catch {
    return null;
  }
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
      t('map.plan.no_host', '{{name}}: {{host}} does not answer, or does not let this page read it.', {
        name: fileName(address),
        host: new URL(address).host,
        ...UNESCAPED,
      })
    );
  }
  if (!response.ok) {
    throw new Error(
      t('map.plan.status', '{{name}}: the server answered {{status}}.', {
        name: fileName(address),
        status: response.status,
        ...UNESCAPED,
      })
    );
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, type: response.headers.get('content-type') ?? '' };
}
