const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** The number that a text writes in decimals, such as `-1.5`, `.05`, `5e-2`; null for any other text and for infinity. */
export function parseDecimal(text: string): number | null {
  const number = DECIMAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : null;
}
