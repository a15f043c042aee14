import type { PlenaryNode } from '@plenary/engine'
import { PlenaryError, type CommandId, type Millis, type RoomId, type stage } from '@plenary/kinds'
import type { CommandsOf } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { KeptEvent } from '../events/event-table.ts'
import type { Store } from '../store/store.ts'

/** What was done to a person of an event, and by whom. */
export type Note = z.input<CommandsOf<typeof stage>['noted']['body']>

const AGAIN_MS = 30_000
const TOLD_AT_ONCE = 100

export interface NotesDeps {
  store: Store
  node: Pick<PlenaryNode, 'tell'>
  logger: Logger
  now: () => Millis
  id: () => string
}

/**
 * What is done to people beside an event's rooms, for the log of its stages: there those who run the event see who did what. A note is
 * written in the transaction of what it is about, and told until the room has taken it, once (R3).
 */
export class Notes {
  readonly #deps: NotesDeps
  /** Of the last one written: each is later than those before it, so that they are told in their order. */
  #at: Millis = 0
  #telling: Promise<void> | null = null
  #more = false

  constructor(deps: NotesDeps) {
    this.#deps = deps
  }

  /** In the transaction of what it is about. */
  async write(tx: Store, { rooms }: KeptEvent, note: Note): Promise<void> {
    const at = (this.#at = Math.max(this.#at + 1, this.#deps.now()))
    const rows = rooms
      .filter(({ kind }) => kind === 'stage')
      .map(({ id: room_id }) => ({ id: this.#deps.id() as CommandId, room_id, body: JSON.stringify(note), at }))
    if (rows.length > 0) await tx.insertInto('note').values(rows).execute()
  }

  /** Tells what is written and was not told, without keeping anybody waiting. */
  tell(): void {
    this.#more = true
    this.#telling ??= this.#tellAll()
      .catch((error: unknown) =>
        this.#deps.logger.warn({ err: error }, 'what was done to people could not be noted yet'),
      )
      .finally(() => (this.#telling = null))
  }

  /** Tells every so often what could not be told when it was written; disposing waits for what is being told. */
  follow(): AsyncDisposable {
    this.tell()
    const timer = setInterval(() => this.tell(), AGAIN_MS)
    return {
      [Symbol.asyncDispose]: async () => {
        clearInterval(timer)
        await this.#telling
      },
    }
  }

  async #tellAll(): Promise<void> {
    const { store } = this.#deps
    while (this.#more) {
      this.#more = false
      const rows = await store.selectFrom('note').selectAll().orderBy('at').orderBy('id').limit(TOLD_AT_ONCE).execute()
      for (const { id, room_id, body } of rows) {
        await this.#tellOne(room_id, id, body)
        await store.deleteFrom('note').where('id', '=', id).execute()
      }
      this.#more ||= rows.length === TOLD_AT_ONCE
    }
  }

  /** Throws what may go away by itself. */
  async #tellOne(room: RoomId, id: CommandId, body: string): Promise<void> {
    const { node, logger } = this.#deps
    try {
      await node.tell(room, { id, type: 'noted', body: JSON.parse(body) as Note })
    } catch (error) {
      if (!(error instanceof PlenaryError) || error.temporary) throw error
      logger.error({ err: error, room }, 'a note was refused')
    }
  }
}
