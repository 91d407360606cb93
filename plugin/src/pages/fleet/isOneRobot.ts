/** True for the value of a variable that names one robot, not all and not several. */
export function isOneRobot(value: unknown): boolean {
  const ids = [value].flat();
  return ids.length === 1 && typeof ids[0] === 'string' && ids[0] !== '' && ids[0] !== '$__all' && ids[0] !== 'All';
}
