interface KnownText {
  id: number;
  text: Uint8Array;
}

/** Texts to compare a byte range with; the index is the length of the text. */
export type KnownTexts = readonly (readonly KnownText[] | undefined)[];

/** The id of a text is its index in the list. Null: no text at this index. */
export function knownTexts(texts: readonly (string | null)[]): KnownTexts {
  const groups: KnownText[][] = [];
  texts.forEach((name, id) => {
    if (name === null) return;
    const text = Buffer.from(name);
    (groups[text.length] ??= []).push({ id, text });
  });
  return groups;
}

/** The id of the text at `start` to `end`; -1 when it is unknown. */
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
