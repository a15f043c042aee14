import type { CommandId, Millis } from '../ids.ts'
import type { Actor, Decision, Draft, Refusal } from '../kind.ts'
import { audienceOf } from '../roles.ts'
import type { StageCommand, StageCommandBody } from './commands.ts'
import { fold } from './fold.ts'
import { STAGE_LIMITS, type Backstage, type Cue, type CueId, type StageBodies, type StageState } from './model.ts'
import { cueOf, editedCue } from './scene.ts'
import { changed, onStage, promptOf } from './shown.ts'

type Own = Draft<StageBodies>

function no(refused: string, message: string): Refusal {
  return { refused, message }
}

const NO_CUE = no('no_cue', 'That cue is not in the rundown any more.')
const MOVED_ON = no('moved_on', 'Somebody else was faster: another cue is on by now.')

/** What a stage says to a command: what happens backstage, and what others come to see by it. */
export function decide(
  state: StageState,
  command: StageCommand,
  by: Actor,
  now: Millis,
): Decision<StageBodies> | Refusal {
  if (command.type === 'noted')
    return by.role === 'system'
      ? { entries: [{ type: 'noted', body: command.body }] }
      : no('not_yours_to_say', 'Only the server notes what was done elsewhere.')
  if (by.role === 'system') return no('not_a_person', 'Only people run a stage.')
  const act = judge(state, command, by, now)
  if (act === null) return { entries: [] }
  if ('refused' in act) return act
  const author = { id: by.id, name: by.name, role: by.role }
  const before = state.backstage
  const after = fold(before, { ...act, seq: 0, at: now, by: author, id: command.id })
  const seen = changed(onStage(before), onStage(after))
  // Who did it is for staff to know.
  const told: Own[] = seen === null ? [] : [{ type: 'now', body: seen, anonymous: true }]
  return { entries: [act, ...told, ...prompts(before, after)] }
}

/** Each speaker learns what is new to them. */
function prompts(before: Backstage, after: Backstage): Own[] {
  const stoodBy = new Set(before.speakers.map(({ user }) => user))
  const standBy = new Set(after.speakers.map(({ user }) => user))
  const gone: Own[] = [...stoodBy.difference(standBy)].map((user) => ({
    type: 'prompt',
    body: { user, off: true },
    anonymous: true,
  }))
  const told = [...standBy].flatMap((user): Own[] => {
    const news = changed(stoodBy.has(user) ? promptOf(before, user) : {}, promptOf(after, user))
    return news === null ? [] : [{ type: 'prompt', body: { user, ...news }, anonymous: true }]
  })
  return [...gone, ...told]
}

/** The one thing that happens backstage; null for nothing. */
function judge(
  state: StageState,
  command: Exclude<StageCommand, { type: 'noted' }>,
  by: Actor,
  now: Millis,
): Own | Refusal | null {
  const { backstage } = state
  const { live, cues } = backstage
  switch (command.type) {
    case 'add':
      return add(state, command.id, command.body)
    case 'edit':
      return edit(state, command.body)
    case 'remove':
      return remove(backstage, command.body.cue)
    case 'move':
      return move(cues, command.body)
    case 'start':
      if (live.from !== null && live.until === null) return null
      return cues.length === 0 ? no('no_cues', 'The rundown is empty. Add a cue first.') : { type: 'start', body: {} }
    case 'next':
    case 'back':
      return step(backstage, command.type, command.body.from)
    case 'go':
      return goTo(backstage, command.body.to)
    case 'end':
      if (live.from === null) return no('not_started', 'The programme has not begun.')
      return live.until === null ? { type: 'end', body: {} } : null
    case 'hold': {
      const text = command.body.text ?? null
      return live.hold !== null && live.hold.text === text ? null : { type: 'hold', body: { text } }
    }
    case 'resume':
      return live.hold === null ? null : { type: 'resume', body: {} }
    case 'announce':
      return live.announcement === command.body.text ? null : { type: 'announce', body: { text: command.body.text } }
    case 'lowerThird': {
      const { lowerThird } = command.body
      if (JSON.stringify(lowerThird) === JSON.stringify(live.lowerThird)) return null
      return { type: 'lowerThird', body: { lowerThird: lowerThird === null ? null : captionOf(lowerThird) } }
    }
    case 'panels': {
      const { panels } = command.body
      return JSON.stringify(panels) === JSON.stringify(live.panels) ? null : { type: 'panels', body: { panels } }
    }
    case 'message':
      return tell(backstage, command.body)
    case 'clearMessages':
      return backstage.messages.length === 0 ? null : { type: 'clearMessages', body: {} }
    case 'standby':
      return standby(backstage, command.body, by)
    case 'undo':
      return undo(backstage, command.body.of, now)
  }
}

function captionOf({ title, detail }: { title: string; detail?: string | undefined }) {
  return { title, ...(detail === undefined ? {} : { detail }) }
}

function add(
  { backstage, peertube }: StageState,
  id: CommandId,
  { before, ...body }: StageCommandBody<'add'>,
): Own | Refusal {
  if (backstage.cues.length >= STAGE_LIMITS.cues)
    return no('cues_full', `A rundown has at most ${STAGE_LIMITS.cues} cues.`)
  if (before !== null && !has(backstage.cues, before)) return NO_CUE
  const cue = cueOf(id, body, peertube)
  return 'refused' in cue ? cue : { type: 'add', body: { cue, before } }
}

function has(cues: readonly Cue[], id: CueId): boolean {
  return cues.some((cue) => cue.id === id)
}

function edit({ backstage, peertube }: StageState, body: StageCommandBody<'edit'>): Own | Refusal | null {
  const before = backstage.cues.find(({ id }) => id === body.cue)
  if (before === undefined) return NO_CUE
  const cue = editedCue(before, body, peertube)
  if ('refused' in cue) return cue
  return JSON.stringify(cue) === JSON.stringify(before) ? null : { type: 'edit', body: { cue } }
}

function remove({ cues, live }: Backstage, cue: CueId): Own | Refusal {
  if (!has(cues, cue)) return NO_CUE
  if (live.cue === cue) return no('on_air', 'That cue is on. Go to another one first.')
  return { type: 'remove', body: { cue } }
}

function move(cues: readonly Cue[], { cue, before }: StageCommandBody<'move'>): Own | Refusal | null {
  const index = cues.findIndex(({ id }) => id === cue)
  if (index < 0 || (before !== null && !has(cues, before))) return NO_CUE
  if (before === cue || (cues[index + 1]?.id ?? null) === before) return null
  return { type: 'move', body: { cue, before } }
}

function step({ cues, live }: Backstage, way: 'next' | 'back', from: CueId | null): Own | Refusal {
  if (from !== live.cue) return MOVED_ON
  if (live.until !== null) return ENDED
  const index = cues.findIndex(({ id }) => id === live.cue)
  const to = way === 'next' ? cues[index + 1] : cues[index - 1]
  if (to !== undefined) return { type: 'go', body: { to: to.id, way } }
  return way === 'next' ? no('last_cue', 'That was the last cue.') : no('first_cue', 'There is no cue before this one.')
}

const ENDED = no('ended', 'The programme is over. Start it again first.')

function goTo({ cues, live }: Backstage, to: CueId): Own | Refusal | null {
  if (!has(cues, to)) return NO_CUE
  if (live.until !== null) return ENDED
  return to === live.cue ? null : { type: 'go', body: { to, way: 'go' } }
}

function tell({ speakers }: Backstage, { text, to }: StageCommandBody<'message'>): Own | Refusal {
  if (to === undefined) return { type: 'message', body: { text } }
  if (!speakers.some(({ user }) => user === to)) return no('no_speaker', 'That speaker does not stand by.')
  return { type: 'message', body: { text, to } }
}

function standby(
  { speakers }: Backstage,
  { on, user = '' as never }: StageCommandBody<'standby'>,
  by: Actor,
): Own | Refusal | null {
  const staff = by.role !== 'system' && audienceOf(by.role) === 'staff'
  const whom = staff ? speakers.find((speaker) => speaker.user === user) : { user: by.id, name: by.name }
  if (staff) {
    if (on) return no('not_a_speaker', 'Only speakers stand by; staff see it all as it is.')
    return whom === undefined ? null : { type: 'standby', body: { ...whom, on } }
  }
  if (whom === undefined || speakers.some((speaker) => speaker.user === by.id) === on) return null
  if (on && speakers.length >= STAGE_LIMITS.speakers) return no('speakers_full', 'Enough speakers stand by already.')
  return { type: 'standby', body: { ...whom, on } }
}

function undo({ undo: last }: Backstage, of: CommandId, now: Millis): Own | Refusal {
  if (last?.of !== of) return no('undo_other', 'Something else was done since, so that cannot be undone any more.')
  if (now > last.until) return no('undo_late', `It can be undone for ${STAGE_LIMITS.undoMs / 1_000} seconds only.`)
  return { type: 'undo', body: { of, what: last.what } }
}
