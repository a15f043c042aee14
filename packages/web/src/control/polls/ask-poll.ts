import type { PollId } from '@plenary/kinds'
import type { PollsRoom, StageRoom } from '../rooms.ts'
import type { DraftPoll } from './poll-draft.ts'

/** Drafts a poll; its id is that of the command, which the room has on its list as soon as it is asked. */
function drafted(room: PollsRoom, body: DraftPoll): { id: PollId | undefined; saved: Promise<unknown> } {
  const saved = room.send('draft', body)
  return { id: room.snapshot.pending.at(-1)?.id, saved }
}

/** A poll for later. */
export async function keepPoll(room: PollsRoom, body: DraftPoll): Promise<void> {
  await drafted(room, body).saved
}

/** A poll for now: drafted, opened, and with a stage put on it behind the cue that is on. Rejects with `PlenaryError`. */
export async function askPoll(room: PollsRoom, stage: StageRoom | null, body: DraftPoll): Promise<void> {
  const { id, saved } = drafted(room, body)
  await saved
  if (id === undefined) return
  await room.send('open', { poll: id })
  if (stage !== null) await showPoll(stage, room, id, body.title)
}

const SHOWN_MS = 60_000

/** Puts the poll on the stage: its own cue if it has one, else a new one behind the present one. */
export async function showPoll(stage: StageRoom, room: PollsRoom, poll: PollId, title: string): Promise<void> {
  const { cues = [], live } = stage.snapshot.view?.staff ?? {}
  const own = cues.find(({ scene }) => scene.layout === 'poll' && scene.item === poll)
  if (own !== undefined) {
    await stage.send('go', { to: own.id })
    return
  }
  const at = cues.findIndex(({ id }) => id === live?.cue)
  const before = at < 0 ? null : (cues[at + 1]?.id ?? null)
  const scene = { layout: 'poll' as const, room: room.id, item: poll }
  const added = stage.send('add', { title: title.slice(0, TITLE_CHARS), plannedMs: SHOWN_MS, scene, before })
  const cue = stage.snapshot.pending.at(-1)?.id
  await added
  if (cue !== undefined) await stage.send('go', { to: cue })
}

const TITLE_CHARS = 100
