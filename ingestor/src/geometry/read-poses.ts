import { parseTimestampMs, validate, type TelemetryMessage } from '@floorwatch/contract';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { parseJson, readText } from '../floorplan-import/read-file.ts';
import { normaliseMassRobotics, type PlanarDatums } from '../formats/massrobotics.ts';
import { normaliseVda5050State } from '../formats/vda5050.ts';

export type PoseFormat = 'vda5050' | 'massrobotics';

/** Messages of one file as parsed JSON, each with its place for errors. */
export interface PlacedMessage {
  json: unknown;
  place: string;
}

/**
 * The messages of a file: one JSON value, or one per line. Each is a message or an array of messages.
 * @throws PlanError naming the file, and the line if there is one
 */
export function readMessages(file: string): PlacedMessage[] {
  const text = readText(file);
  const lines = text.split('\n').map((line, index) => ({ line, place: `${file} line ${index + 1}` }));
  const filled = lines.filter(({ line }) => line.trim() !== '');
  const isLineByLine = filled.length > 1 && isObjectOrArray(filled[0]?.line ?? '');
  return isLineByLine
    ? filled.flatMap(({ line, place }) => messagesIn(parseJson(line, place), place))
    : messagesIn(parseJson(text, file), file);
}

/** Whether a line is complete JSON. The first line of a value that spans several lines is not. */
function isObjectOrArray(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object';
  } catch {
    return false;
  }
}

function messagesIn(json: unknown, place: string): PlacedMessage[] {
  if (!Array.isArray(json)) return [{ json, place }];
  return json.map((message: unknown, index) => ({ json: message, place: `${place} message ${index + 1}` }));
}

/**
 * Third-party messages as events of the contract, headings in (−π, π]. They must pass the contract's rules except
 * for the time window, because a recorded file may have any age.
 * @throws PlanError naming the place, and the field or datum that is wrong
 */
export function normalisePoses(
  messages: readonly PlacedMessage[],
  format: PoseFormat,
  datums: PlanarDatums
): TelemetryMessage[] {
  return messages.map(({ json, place }) => {
    const normalised = format === 'vda5050' ? normaliseVda5050State(json) : normaliseMassRobotics(json, datums);
    if (!normalised.ok) throw new PlanError(place, problemText(normalised));
    const { value: message } = normalised;
    const verdict = validate(message, parseTimestampMs(message.ts) ?? Date.now());
    if (!verdict.ok) throw new PlanError(place, problemText(verdict));
    return typeof message.theta === 'number' ? { ...message, theta: verdict.value.headingRadians } : message;
  });
}

function problemText({ detail, reason }: { detail: string; reason: string }): string {
  return `${detail}${reason === 'planar_datum_unknown' ? '; give a file of planar datums with --datums' : ''} (${reason})`;
}
