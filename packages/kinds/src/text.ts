import { z } from 'zod'

/** Everything but control characters, newline and tab excepted. */
const PRINTABLE = /^(?:[\n\t]|\P{Cc})*$/u

/** What a person writes: plain text of at most so many characters, trimmed, of whole characters; never empty. */
export function plainText(maxChars: number) {
  return z
    .string()
    .max(maxChars * 4)
    .trim()
    .min(1)
    .max(maxChars)
    .regex(PRINTABLE)
    .refine((text) => text.isWellFormed(), 'Not well-formed text.')
}
