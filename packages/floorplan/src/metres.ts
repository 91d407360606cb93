import { z } from 'zod';
import { MAX_COORDINATE_METRES } from './map-frame.ts';

/** A coordinate of a plan: no farther out than a robot may be. */
export const metres = z
  .number()
  .refine((value) => Math.abs(value) <= MAX_COORDINATE_METRES, `it lies beyond ±${MAX_COORDINATE_METRES} m`);
