import { useEffect, useState } from 'react';
import type { DecodedImage } from '../plan/decodeImage';
import { loadImage } from '../plan/loadUrl';

interface ImageState {
  image: DecodedImage | null;
  /** One sentence on why there is none; '' while it loads. */
  problem: string;
}

/** The decoded image of an address. */
export function useImage(address: string): ImageState {
  const [state, setState] = useState<ImageState>({ image: null, problem: '' });
  useEffect(() => {
    let isCurrent = true;
    loadImage(address).then(
      (image) => isCurrent && setState({ image, problem: '' }),
      (error: unknown) =>
        isCurrent && setState({ image: null, problem: error instanceof Error ? error.message : String(error) })
    );
    return () => {
      isCurrent = false;
    };
  }, [address]);
  return state;
}
