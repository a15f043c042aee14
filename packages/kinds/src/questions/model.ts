import type { Millis, Seq, UserId } from '../ids.ts'
import type { Entry, EntryOf } from '../kind.ts'
import type { Role } from '../roles.ts'

/** Every bound of a room for questions, units last in the name. At each the command is refused, unless it says otherwise. */
export const QUESTIONS_LIMITS = {
  /** Open and live questions. Duplicates that a deletion sets free may go past it. */
  open: 300,
  /** Answered ones in sight; at it the one that was answered first leaves the state. */
  answered: 50,
  /** Archived and dismissed ones that can be had back; past it the first of them leaves the state. */
  bin: 30,
  held: 500,
  /** Rejected ones that can be had back; past it the first of them leaves the state. */
  rejected: 30,
  /** Open, live and held ones of one person. */
  perPerson: 10,
  pins: 5,
  repliesPerQuestion: 5,
  /** Duplicates that one question can stand for. */
  mergedPerQuestion: 20,
  merged: 200,
  /** Votes in the state, over all its questions. */
  votes: 100_000,
  textChars: 500,
  replyChars: 1_000,
  /** Least milliseconds between two digests. */
  digestMs: 250,
  /** The log has the votes this long after the first that it lacks. */
  tallyMs: 5_000,
} as const

/** From whom an anonymous asker is hidden. The log has the name all the same, so that the asker can take the question back. */
export type HiddenFrom = 'audience' | 'everyone'

export interface QuestionsSettings {
  /** Questions wait until staff approve them. */
  hold: boolean
  /** From whom those are hidden who ask without their name; `off`: all ask with it. */
  anonymous: 'off' | HiddenFrom
}

/** Whose words these are. */
export interface Person {
  id: UserId
  name: string
  role: Role
}

export interface Reply {
  seq: Seq
  at: Millis
  by: Person
  text: string
}

export type QuestionStatus = 'open' | 'live' | 'answered'
export type BinnedAs = 'archived' | 'dismissed'

export interface Question {
  /** The seq of the entry that made it visible: its `ask`, or its `approve`. */
  seq: Seq
  /** When it was asked. */
  at: Millis
  text: string
  /** Null for an asker who is hidden from the viewer. */
  by: Person | null
  anonymous?: HiddenFrom
  /** At most one is `live`: the one that is being answered. */
  status: QuestionStatus
  /** Since when it has this status. */
  since: Millis
  /** Since when it is pinned. */
  pinned?: Millis
  /** Votes at the last `tally`; `votesOf` has them up to date. */
  votes: number
  replies: Reply[]
  /** Duplicates whose votes count here. */
  merged: Seq[]
}

/** A question that waits for approval, as staff see it. */
export interface HeldQuestion {
  seq: Seq
  at: Millis
  text: string
  by: Person | null
  anonymous?: HiddenFrom
}
/** The same as its author sees it. */
export type OwnHeldQuestion = Omit<HeldQuestion, 'by'>

/** A question that is out of sight and can be had back. */
export interface BinnedQuestion {
  question: Question
  why: BinnedAs | 'merged'
  /** The question that it was merged into. */
  into?: Seq
}

export interface QuestionsView {
  /** Ascending by seq; their order on a screen is the screen's business. */
  questions: Question[]
  hold: boolean
  /** Only staff may ask now. */
  closed: boolean
  anonymous: QuestionsSettings['anonymous']
  /** How many tallies are in `votes`. */
  tallies: number
  /** In the staff's view alone; `bin` ascending by seq, `rejected` in the order of rejecting. */
  staff?: { held: HeldQuestion[]; rejected: HeldQuestion[]; bin: BinnedQuestion[] }
}

export interface QuestionsMine {
  /** What I voted for, ascending; also questions that are merged or out of sight. */
  votes: Seq[]
  /** What I asked, ascending; also questions that are merged or out of sight. */
  own: Seq[]
  /** My own questions that wait for approval. */
  held: OwnHeldQuestion[]
}

/** Votes since the last tally; meaningless beside a view with more tallies. */
export interface QuestionsDigest {
  tallies: number
  /** By question; one that is missing has what the view says. */
  votes: Record<Seq, number>
}

/** What happens in a room for questions. */
export interface QuestionsBodies {
  /** Visible to everyone, or while `held` to staff. */
  ask: { text: string; held?: true; anonymous?: HiddenFrom }
  /** Who is behind the anonymous question right before it in the log. */
  author: { by: Person; sees: 'staff' | 'nobody' }
  /** Tells the author alone of their question, `back` entries before it in the log. */
  yours: { back: 1 | 2; text: string; held?: true; anonymous?: HiddenFrom }
  /** Of a held question; `edited` tells its author alone. */
  edit: { target: Seq; text: string }
  edited: { target: Seq; text: string }
  /** Makes a held question a question. */
  approve: { target: Seq; question: Omit<HeldQuestion, 'seq'> }
  /** `withdrawn` by its author, else by staff, who can have it back with `unreject`. */
  reject: { target: Seq; withdrawn?: true }
  unreject: { target: Seq }
  /** These two tell the author alone. */
  rejected: { target: Seq; user: UserId }
  returned: { user: UserId; question: OwnHeldQuestion }
  /** Visible to the voter alone. `also`: duplicates from which a vote that is withdrawn is withdrawn too. */
  vote: { target: Seq; on: boolean; also?: Seq[] }
  /** What everyone learns of votes, every so often: the questions whose number has changed. */
  tally: { votes: Record<Seq, number> }
  /** `drops`, here and below: questions that leave the state with it. */
  mark: { target: Seq; as: QuestionStatus | BinnedAs; drops?: Seq[] }
  /** Back in sight, with all that is known of it to everyone. */
  restore: { target: Seq; question: Question }
  pin: { target: Seq; on: boolean }
  reply: { target: Seq; text: string }
  unreply: { target: Seq; reply: Seq }
  /** Out of sight; its votes count for `into` from the `absorb` on until the `release`. */
  merge: { target: Seq; into: Seq }
  absorb: { target: Seq; other: Seq }
  release: { target: Seq; other: Seq }
  /** By its author. */
  delete: { target: Seq; drops: Seq[] }
  hold: { on: boolean }
  close: { on: boolean }
}
export type QuestionsEntry = EntryOf<QuestionsBodies>
export type QuestionsEntryOf<T extends keyof QuestionsBodies> = Entry<T, QuestionsBodies[T]>

/** A question as the state keeps it. */
export interface StoredQuestion {
  /** As everyone sees it. */
  shown: Question
  author: Person | null
  place: 'list' | BinnedAs | { into: Seq }
  /** Votes for this very question, not for those that it stands for. */
  voters: Record<UserId, true>
  /** People who voted for it or for one that it stands for; never its author. */
  count: number
}
export interface StoredHeld {
  seq: Seq
  at: Millis
  text: string
  author: Person | null
  anonymous?: HiddenFrom
}

/** Plain JSON and bounded. */
export interface QuestionsState extends QuestionsSettings {
  closed: boolean
  questions: Record<Seq, StoredQuestion>
  /** Archived and dismissed ones, in that order. */
  bin: Seq[]
  /** Ascending. */
  held: StoredHeld[]
  rejected: StoredHeld[]
  /** Votes kept, over all questions. */
  voteCount: number
  tallies: number
  /** When the first vote came that is in no tally; null when all are. */
  untalliedSince: Millis | null
}
