import { PlenaryError } from '@plenary/kinds'
import type { Entry, Seq, api } from '@plenary/kinds'
import { toBase64Url } from '@plenary/kinds/base64url'
import * as Y from 'yjs'

/** One person's changes with no longer pause between them are told together. */
const RUN_PAUSE_MS = 60_000
/** More runs than this are told in pairs, whoever made them. */
const RUNS_MAX = 1_000
const ALL_BYTES_MAX = 6 * 1024 * 1024

interface Run {
  people: { id: api.DocumentChange['people'][number]['id']; name: string }[]
  after: Seq
  through: Seq
  at: number
  updates: Uint8Array[]
}

/** Changes of a document in order, as runs of one person's, few enough to be told. */
export class ChangeRuns {
  #runs: Run[] = []
  #reached: Seq
  #bytes = 0

  constructor(after: Seq) {
    this.#reached = after
  }

  /** Throws `too_large` when all of them are too much for one answer. */
  add({ seq, at, by }: Entry, update: Uint8Array): void {
    this.#bytes += update.length
    if (this.#bytes > ALL_BYTES_MAX) {
      throw new PlenaryError(
        'too_large',
        'Too much has changed between these two moments. Choose some closer together.',
      )
    }
    const last = this.#runs.at(-1)
    if (last !== undefined && by !== null && at - last.at <= RUN_PAUSE_MS && isOf(last, by.id)) {
      last.updates.push(update)
      last.through = seq
      last.at = at
    } else {
      const people = by === null ? [] : [{ id: by.id, name: by.name }]
      this.#runs.push({ people, after: this.#reached, through: seq, at, updates: [update] })
      if (this.#runs.length > RUNS_MAX) this.#runs = inPairs(this.#runs)
    }
    this.#reached = seq
  }

  all(): api.DocumentChange[] {
    return this.#runs.map(({ updates, ...run }) => ({ ...run, update: toBase64Url(Y.mergeUpdates(updates)) }))
  }
}

function isOf({ people }: Run, user: string): boolean {
  return people.length === 1 && people[0]?.id === user
}

function inPairs(runs: readonly Run[]): Run[] {
  const pairs: Run[] = []
  for (let index = 0; index < runs.length; index += 2) {
    const [one, other] = runs.slice(index, index + 2)
    if (one === undefined) continue
    if (other === undefined) pairs.push(one)
    else {
      const known = new Set(one.people.map(({ id }) => id))
      const people = [...one.people, ...other.people.filter(({ id }) => !known.has(id))]
      const { through, at } = other
      pairs.push({ people, after: one.after, through, at, updates: [...one.updates, ...other.updates] })
    }
  }
  return pairs
}
