import type { TelemetryMessage } from '@floorwatch/contract';

/** Why a third-party message could not be read as an event of the contract. */
export const FORMAT_REJECT_REASONS = [
  'vda5050_invalid',
  'vda5050_version_unsupported',
  'massrobotics_invalid',
  'planar_datum_unknown',
] as const;
export type FormatRejectReason = (typeof FORMAT_REJECT_REASONS)[number];

/** A third-party message in the contract's own terms; the contract's rules (time window, ranges) are checked after it. */
export type Normalised =
  { ok: true; message: TelemetryMessage } | { ok: false; reason: FormatRejectReason; detail: string };
