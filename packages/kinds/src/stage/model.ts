import type { CommandId, Millis, RoomId, UserId } from '../ids.ts'
import type { EntryOf } from '../kind.ts'
import type { Role } from '../roles.ts'
import type { Video } from './video.ts'

/** Every bound of a stage, units last in the name. At each the command is refused, unless it says otherwise. */
export const STAGE_LIMITS = {
  cues: 100,
  titleChars: 120,
  notesChars: 1_000,
  /** Any line that attendees see. */
  lineChars: 200,
  announcementChars: 500,
  linkChars: 500,
  plannedMs: 12 * 60 * 60 * 1_000,
  /** Newest messages to speakers; past it the oldest leave the state. */
  messages: 10,
  messageChars: 280,
  speakers: 12,
  peertubeHosts: 20,
  /** Of one reaction; a thumb is not faster. */
  tapsPerSignal: 20,
  /** How long an act can be undone. */
  undoMs: 10_000,
} as const

/** What an attendee's page can have beside the stage. */
export const PANELS = ['chat', 'questions', 'polls', 'documents', 'games', 'people'] as const
export type Panel = (typeof PANELS)[number]
/** Those that are open before anybody says otherwise. */
export const FIRST_PANELS: readonly Panel[] = ['chat', 'questions', 'polls']

/** What an audience can send to the stage: told as sums, and never kept. */
export const REACTIONS = ['clap', 'heart', 'party', 'laugh', 'yes', 'no'] as const
export type Reaction = (typeof REACTIONS)[number]

/** What is done to people of an event beside its rooms. */
export const NOTED = ['banned', 'admitted', 'given'] as const

/** What attendees see of a cue; `text` is a heading over it. */
export type Scene =
  | { layout: 'welcome' | 'break'; text?: string; countdown?: boolean; until?: Millis }
  /** Words alone: `detail` is a second line. */
  | { layout: 'card'; text?: string; detail?: string }
  | { layout: 'video'; text?: string; video: Video }
  | { layout: 'image'; text?: string; url: string; alt: string }
  | { layout: 'poll' | 'questions' | 'document' | 'game'; text?: string; room: RoomId; item?: string }
  | { layout: 'end'; text?: string }

export interface LowerThird {
  title: string
  detail?: string
}

/** The command that added a cue names it. */
export type CueId = CommandId

export interface Cue {
  id: CueId
  /** For those who run the evening; attendees see the scene's `text`. */
  title: string
  plannedMs: Millis
  /** For staff and speakers. */
  notes: string
  scene: Scene
  /** Shown with the cue, gone with it. */
  lowerThird?: LowerThird
  /** Pinned when the cue goes on. */
  announcement?: string
  /** Open from when the cue goes on. */
  panels?: Panel[]
}

/** What is on right now. */
export interface Live {
  /** When the programme began and when it was over. Welcome cues come before it. */
  from: Millis | null
  until: Millis | null
  cue: CueId | null
  since: Millis | null
  /** How long each cue was on before, in milliseconds. */
  played: Record<CueId, Millis>
  /** Over everything, whatever else is on. */
  hold: { text: string | null; since: Millis } | null
  lowerThird: LowerThird | null
  announcement: string | null
  panels: Panel[]
}

/** An act that changed something, and how to take it back: the live part, the place of a cue, or a cue that was not there. */
export interface Undo {
  of: CommandId
  what: string
  until: Millis
  back: { live: Live } | { cue: Cue; before: CueId | null; playedMs?: Millis } | { drop: CueId }
}

export interface SpeakerMessage {
  id: CommandId
  at: Millis
  /** Who wrote it. */
  by: string
  text: string
  /** One speaker; all of them when missing. */
  to?: UserId
}

export interface Speaker {
  user: UserId
  name: string
}

/** All that staff see. */
export interface Backstage {
  cues: Cue[]
  live: Live
  undo: Undo | null
  messages: SpeakerMessage[]
  /** Those who have the speaker's view open, in the order of coming. */
  speakers: Speaker[]
}

export interface StageState {
  backstage: Backstage
  peertube: string[]
}

/** What attendees see now; a change of any of it comes in one `now` entry. */
export interface OnStage {
  /** Null before the first cue. `until`: where a countdown leads to. */
  show: { cue: CueId; scene: Scene; since: Millis; until: Millis | null } | null
  hold: Live['hold']
  lowerThird: LowerThird | null
  announcement: string | null
  panels: Panel[]
  /** When the programme began and when it was over. */
  programme: { from: Millis | null; until: Millis | null }
}

export interface StageView extends OnStage {
  /** In the staff's view alone. */
  staff?: Backstage
}

/** A cue as a speaker sees it. */
export type CueCard = Pick<Cue, 'id' | 'title' | 'notes' | 'plannedMs'>

/** What a speaker sees beside the stage. */
export interface Prompt {
  now: CueCard | null
  /** When the present cue went on. */
  since: Millis | null
  /** How long it was on before. */
  playedMs: Millis
  next: CueCard | null
  /** Oldest first. */
  messages: SpeakerMessage[]
}
export interface StageMine {
  /** Null for all but speakers who stand by. */
  prompt: Prompt | null
}

/** What happens on a stage, and around it. All but `now` and `prompt` are for staff. */
export interface StageBodies {
  /** `before` null: at the end. */
  add: { cue: Cue; before: CueId | null }
  edit: { cue: Cue }
  remove: { cue: CueId }
  move: { cue: CueId; before: CueId | null }
  go: { to: CueId; way: 'next' | 'back' | 'go' | 'start' }
  hold: { text: string | null }
  resume: Record<string, never>
  announce: { text: string | null }
  lowerThird: { lowerThird: LowerThird | null }
  panels: { panels: Panel[] }
  start: Record<string, never>
  end: Record<string, never>
  message: { text: string; to?: UserId }
  clearMessages: Record<string, never>
  standby: { user: UserId; name: string; on: boolean }
  undo: { of: CommandId; what: string }
  /** Somebody was banned, let in again, or given a role: for those who ask later who did what. */
  noted: {
    by: { id: UserId; name: string }
    did: (typeof NOTED)[number]
    user: UserId
    name: string
    role: Role
  }
  /** What changed of what attendees see; hides who did it. */
  now: Partial<OnStage>
  /** What changed of what one speaker sees, for that speaker alone; `off`: they do not stand by any more. */
  prompt: { user: UserId; off?: true } & Partial<Prompt>
}
export type StageEntry = EntryOf<StageBodies>
