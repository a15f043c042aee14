import { PlenaryError } from '@plenary/kinds'
import type { ErrorCode } from '@plenary/kinds'

/** For codes whose own message speaks to developers more than to people. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  unavailable: 'The server cannot be reached right now. Try again in a moment.',
  timeout: 'The server took too long to answer. Try again in a moment.',
  internal: 'Something went wrong on the server. Try again in a moment.',
}

/** Any thrown value as one sentence for the person in front of the screen. */
export function failureText(error: unknown): string {
  if (!(error instanceof PlenaryError)) return 'Something went wrong. Try again in a moment.'
  if (!navigator.onLine && error.temporary) return 'You are offline. Try again when you are back.'
  return WORDS[error.code] ?? error.message
}
