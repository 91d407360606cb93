interface KnownText {
  id: number;
  text: Uint8Array;
}

/** Texts that a byte range is compared with; the index is the length of the text. */
export type KnownTexts = readonly (readonly KnownText[] | undefined)[];

/** The id of a text is its place in the list; a null is a place without a text. */
export function knownTexts(texts: readonly (string | null)[]): KnownTexts {
  const groups: KnownText[][] = [];
  texts.forEach((name, id) => {
    if (name === null) return;
    const text = Buffer.from(name);
    (groups[text.length] ??= []).push({ id, text });
  });
  return groups;
}

/** The id of the text at `start` to `end`; -1 when it is not a known one. */
export function idOf(groups: KnownTexts, bytes: Uint8Array, start: number, end: number): number {
  const group = groups[end - start];
  if (!group) return -1;
  for (const { id, text } of group) {
    let i = 0;
    while (i < text.length && text[i] === bytes[start + i]) i++;
    if (i === text.length) return id;
  }
  return -1;
}
