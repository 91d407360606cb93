import { normaliseRadians, type TelemetryMessage } from '../contract.ts';
import { parseJson, readText } from '../floorplan/read-file.ts';
import { normaliseMassRobotics, type PlanarDatums } from '../formats/massrobotics.ts';
import type { Normalised } from '../formats/normalised.ts';
import { normaliseVda5050State } from '../formats/vda5050.ts';
import { PlanError } from '../plans/plan-error.ts';

export type PoseFormat = 'vda5050' | 'massrobotics';

/** Messages of one file as parsed JSON, each with the place that errors name. */
export interface PlacedMessage {
  json: unknown;
  place: string;
}

/**
 * The messages of a file: one JSON value, an array of messages, or one message a line.
 * @throws PlanError naming the file, and the line where there is one
 */
export function readMessages(file: string): PlacedMessage[] {
  const text = readText(file);
  const lines = text.split('\n').map((line, index) => ({ line, place: `${file} line ${index + 1}` }));
  const filled = lines.filter(({ line }) => line.trim() !== '');
  if (
    filled.length > 1 &&
    filled.every(({ line }) => line.trimStart().startsWith('{') && line.trimEnd().endsWith('}'))
  ) {
    return filled.map(({ line, place }) => ({ json: parseJson(line, place), place }));
  }
  const json = parseJson(text, file);
  if (!Array.isArray(json)) return [{ json, place: file }];
  return json.map((message: unknown, index) => ({ json: message, place: `${file} message ${index + 1}` }));
}

/**
 * Third-party messages as events of the contract, headings in (−π, π]. The contract's time window is not applied: a
 * recorded file may be of any age.
 * @throws PlanError naming the place, and the field or datum that is wrong
 */
export function normalisePoses(
  messages: readonly PlacedMessage[],
  format: PoseFormat,
  datums: PlanarDatums
): TelemetryMessage[] {
  return messages.map(({ json, place }) => {
    const normalised: Normalised =
      format === 'vda5050' ? normaliseVda5050State(json) : normaliseMassRobotics(json, datums);
    if (!normalised.ok) throw new PlanError(place, `${normalised.detail} (${normalised.reason})`);
    const { message } = normalised;
    return typeof message.theta === 'number' ? { ...message, theta: normaliseRadians(message.theta) } : message;
  });
}
