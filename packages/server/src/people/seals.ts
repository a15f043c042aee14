import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

const KEY_BYTES = 32
/** Stands between a token and its seal; neither has one. */
const BETWEEN = '~'

/** The key of all seals of an installation, which whoever has its signing key can make, and nobody else. */
export function sealingKey(signingKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', signingKey, '', 'plenary: seals of tickets and passes', KEY_BYTES))
}

/**
 * Those who gave out a token know it again by its seal, an HMAC over all of it: that costs a fiftieth of checking its signature, and ten
 * thousand of them may come at once.
 */
export class Seals {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    this.#key = key
  }

  /** `form` keeps seals of one kind of token from being good for another. */
  seal(form: string, token: string): string {
    return `${token}${BETWEEN}${this.#sealOf(form, token)}`
  }

  /** The token under a seal that fits; null under one that does not; undefined when there is none. */
  open(form: string, sealed: string): string | null | undefined {
    const at = sealed.indexOf(BETWEEN)
    if (at < 0) return undefined
    const token = sealed.slice(0, at)
    const given = Buffer.from(sealed.slice(at + BETWEEN.length))
    const right = Buffer.from(this.#sealOf(form, token))
    return given.length === right.length && timingSafeEqual(given, right) ? token : null
  }

  #sealOf(form: string, token: string): string {
    return createHmac('sha256', this.#key).update(`${form} ${token}`).digest('base64url')
  }
}
