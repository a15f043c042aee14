import type { Draw } from './draws.ts'
import type { Port } from './plan.ts'

export interface Weather {
  lose: number
  double: number
  late: number
  lateMs: number
}

const CALM: Weather = { lose: 0, double: 0, late: 0, lateMs: 0 }

/** Which machines hear each other and what they stand on, and what becomes of messages between them. */
export class Network {
  readonly #partitions = new Map<string, number>()
  readonly #cutOffs = new Map<string, number>()
  #weather: Weather = CALM
  #weathers = 0

  /** Whether messages between two nodes pass now. */
  joins(a: number, b: number): boolean {
    return !this.#partitions.has(pair(a, b)) && this.reaches(a, 'bus') && this.reaches(b, 'bus')
  }

  reaches(node: number, port: Port): boolean {
    return !this.#cutOffs.has(`${node} ${port}`)
  }

  get weather(): Weather {
    return this.#weather
  }

  /** Gives back what ends it. Of two over the same place, both must have ended. */
  partition(a: number, b: number): () => void {
    return hold(this.#partitions, pair(a, b))
  }

  cutOff(node: number, port: Port): () => void {
    return hold(this.#cutOffs, `${node} ${port}`)
  }

  /** The last weather is the one in force. */
  setWeather(weather: Weather): () => void {
    const count = ++this.#weathers
    this.#weather = weather
    return () => {
      if (count === this.#weathers) this.#weather = CALM
    }
  }

  /** Everything is as it should be. */
  mend(): void {
    this.#partitions.clear()
    this.#cutOffs.clear()
    this.#weather = CALM
  }
}

const pair = (a: number, b: number) => (a < b ? `${a} ${b}` : `${b} ${a}`)

function hold(held: Map<string, number>, key: string): () => void {
  held.set(key, (held.get(key) ?? 0) + 1)
  let over = false
  return () => {
    const left = (held.get(key) ?? 0) - 1
    if (over || left < 0) return
    over = true
    if (left === 0) held.delete(key)
    else held.set(key, left)
  }
}

/** Most messages are quick, some are not. */
export function journeyMs(chance: Draw): number {
  const draw = chance.next()
  return draw < 0.97 ? 0.2 + draw * 2 : 2 + (draw - 0.97) * 1_500
}
