/** Something that the user gave is wrong and only the user can mend it: the message says what, and needs no stack. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
