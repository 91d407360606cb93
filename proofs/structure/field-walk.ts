/**
 * How many files change, generated ones counted and tests not, when the event gets one number field more, from Kafka to
 * the map's tooltip. Null where that is not measured: the limit is then not checked.
 */
export function fieldWalkFiles(): number | null {
  return null;
}
