import { PlenaryError } from '@plenary/kinds'
import type { Store } from '../store/store.ts'

/** Letters and digits that nobody confuses on a screen across a room: without 0, O, 1, I and L. */
export const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const CODE_CHARS = 6
/** Tries before giving up on a fresh code; with a billion codes even the second is rare. */
const CODE_TRIES = 20

/** A fresh code; `pick(n)` is a uniform whole number below n. */
function randomCode(pick: (below: number) => number): string {
  return Array.from({ length: CODE_CHARS }, () => CODE_ALPHABET.charAt(pick(CODE_ALPHABET.length))).join('')
}

/** Takes a code that neither an event nor an invitation has; `keep` answers whether it was free. Throws `unavailable`. */
export async function withFreshCode(
  tx: Store,
  pick: (below: number) => number,
  keep: (code: string) => Promise<boolean>,
): Promise<string> {
  for (let tries = 0; tries < CODE_TRIES; tries++) {
    const code = randomCode(pick)
    if ((await openedBy(tx, code)) === null && (await keep(code))) return code
  }
  throw new PlenaryError('unavailable', 'No free code was found. Try again.')
}

/** Throws `conflict` when an invitation has the code: an event must not come between it and what it opens. */
export async function requireUninvited(store: Store, code: string): Promise<void> {
  if ((await openedBy(store, code)) === 'invitation')
    throw new PlenaryError('conflict', 'Another event has this code already.')
}

async function openedBy(store: Store, code: string): Promise<'event' | 'invitation' | null> {
  for (const table of ['event', 'invitation'] as const) {
    const row = await store.selectFrom(table).select('code').where('code', '=', code).executeTakeFirst()
    if (row !== undefined) return table
  }
  return null
}
