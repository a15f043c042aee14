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
  restored: boolean
  /** A moment that is looked for: the next run stays one of its own. */
  ends: boolean
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

  /** The moment before this entry is one that is looked for: no run goes on over it. */
  end(): void {
    const last = this.#runs.at(-1)
    if (last !== undefined) last.ends = true
  }

  /** Throws `too_large` when all of them are too much for one answer. */
  add({ seq, at, by, type }: Entry, update: Uint8Array): void {
    this.#bytes += update.length
    if (this.#bytes > ALL_BYTES_MAX) {
      throw new PlenaryError(
        'too_large',
        'Too much has changed between these two moments. Choose some closer together.',
      )
    }
    const last = this.#runs.at(-1)
    const restored = type === 'restored'
    if (restored) this.end()
    if (last !== undefined && !last.ends && by !== null && at - last.at <= RUN_PAUSE_MS && isOf(last, by.id)) {
      last.updates.push(update)
      last.through = seq
      last.at = at
    } else {
      const people = by === null ? [] : [{ id: by.id, name: by.name }]
      this.#runs.push({ people, after: this.#reached, through: seq, at, restored, ends: restored, updates: [update] })
      if (this.#runs.length > RUNS_MAX) this.#runs = inPairs(this.#runs)
    }
    this.#reached = seq
  }

  all(): api.DocumentChange[] {
    return this.#runs.map(({ updates, ends: _, ...run }) => ({ ...run, update: toBase64Url(Y.mergeUpdates(updates)) }))
  }
}

function isOf({ people }: Run, user: string): boolean {
  return people.length === 1 && people[0]?.id === user
}

function inPairs(runs: readonly Run[]): Run[] {
  const pairs: Run[] = []
  let open = false
  for (const run of runs) {
    const last = pairs.at(-1)
    // Of two each, and none over a moment that is looked for.
    if (last === undefined || !open || last.ends || run.restored) {
      pairs.push(run)
      open = true
      continue
    }
    const known = new Set(last.people.map(({ id }) => id))
    const people = [...last.people, ...run.people.filter(({ id }) => !known.has(id))]
    pairs[pairs.length - 1] = { ...run, people, after: last.after, updates: [...last.updates, ...run.updates] }
    open = false
  }
  return pairs
}
