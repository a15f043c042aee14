import type { PendingCommand, Room } from '@plenary/client'
import type { api, CommandId, CommandsOf, InputOf, Seq } from '@plenary/kinds'
import type { questions } from '@plenary/kinds/client'

export type Me = api.Me
export type QuestionsRoom = Room<typeof questions>

/** A question of mine that is not in the log yet, or never will be. */
export interface PendingAsk {
  id: CommandId
  state: PendingCommand['state']
  text: string
  anonymous: boolean
  /** Why it was refused. */
  reason?: string
}

type Bodies = { [T in keyof CommandsOf<typeof questions>]: InputOf<CommandsOf<typeof questions>[T]> }

/** Of what is pending, the questions, oldest first. */
export function pendingAsks(pending: readonly PendingCommand[]): PendingAsk[] {
  return pending
    .filter(({ type }) => type === 'ask')
    .map(({ id, state, body, failure }) => {
      const { text, anonymous = false } = body as Bodies['ask']
      return { id, state, text, anonymous, ...(failure ? { reason: failure.message } : {}) }
    })
}

/** What of mine about one question is asked for and not yet in the log. */
export interface Overlay {
  /** My vote as it will be. */
  vote?: boolean
  /** The words that an edit will give it. */
  text?: string
  /** I am taking it back. */
  gone?: true
  /** Not even sent yet. */
  kept: boolean
}

/** By question: what waits in the outbox, later commands over earlier ones. */
export function overlaysOf(pending: readonly PendingCommand[]): Map<Seq, Overlay> {
  const overlays = new Map<Seq, Overlay>()
  for (const { type, body, state } of pending) {
    if (state === 'refused' || !['vote', 'edit', 'delete'].includes(type)) continue
    const { target, on, text } = body as { target: Seq; on?: boolean; text?: string }
    const overlay = overlays.get(target) ?? { kept: false }
    if (on !== undefined) overlay.vote = on
    if (text !== undefined) overlay.text = text
    if (type === 'delete') overlay.gone = true
    overlay.kept ||= state === 'kept'
    overlays.set(target, overlay)
  }
  return overlays
}
