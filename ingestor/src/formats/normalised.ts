import type { z } from 'zod';
import type { TelemetryMessage } from '../contract.ts';

/** Why a third-party message could not be read as an event of the contract. */
export type FormatRejectReason =
  'vda5050_invalid' | 'vda5050_version_unsupported' | 'massrobotics_invalid' | 'planar_datum_unknown';

/** A third-party message in the contract's own terms; the contract's rules (time window, ranges) are checked after it. */
export type Normalised =
  { ok: true; message: TelemetryMessage } | { ok: false; reason: FormatRejectReason; detail: string };

/** The first problem as `path: message`, so that a dead letter names the field. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unreadable' : `${issue.path.join('.') || 'message'}: ${issue.message}`;
}
