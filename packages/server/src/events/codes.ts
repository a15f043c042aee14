/** Letters and digits that nobody confuses on a screen across a room: without 0, O, 1, I and L. */
export const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const CODE_CHARS = 6

/** A fresh event code; `pick(n)` is a uniform whole number below n. */
export function randomCode(pick: (below: number) => number): string {
  return Array.from({ length: CODE_CHARS }, () => CODE_ALPHABET.charAt(pick(CODE_ALPHABET.length))).join('')
}
