import type { Offered } from './load/offered.ts'

const STEP = 1.5
const FINE_STEPS = 2

/**
 * The greatest load that is borne: raised until it is not, then narrowed down between the two. Begins at `guess`, and goes down
 * from there if that is too much already. Answers 0 when even `least` is not borne.
 */
export async function capacity(
  guess: number,
  least: number,
  bears: (perSecond: number) => Promise<boolean>,
): Promise<number> {
  let borne = 0
  let tooMuch = Infinity
  let next = Math.max(least, guess)
  while (tooMuch === Infinity || (borne === 0 && tooMuch > least)) {
    if (await bears(next)) {
      borne = next
      if (tooMuch === Infinity) next *= STEP
    } else {
      tooMuch = next
      if (borne === 0) next = Math.max(least, next / STEP)
    }
  }
  for (let step = 0; step < FINE_STEPS && borne > 0; step++) {
    const middle = Math.sqrt(borne * tooMuch)
    if (await bears(middle)) borne = middle
    else tooMuch = middle
  }
  return borne
}

/** Everything came, was acknowledged, and came in time. */
export const borne = (offered: Offered, p99MsMax: number): boolean =>
  offered.refused === 0 && offered.p99Ms <= p99MsMax && offered.acknowledged >= offered.asked
