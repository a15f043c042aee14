import type { CommandId, Millis, UserId } from '../ids.ts'
import type { Entry, EntryOf } from '../kind.ts'

/** Every bound of a room for polls, units last in the name. At each the command is refused, unless it says otherwise. */
export const POLLS_LIMITS = {
  /** Drafts and archived ones included. */
  polls: 200,
  open: 5,
  titleChars: 200,
  options: 12,
  optionChars: 120,
  /** Steps of a rating scale. */
  ratingSteps: 10,
  labelChars: 40,
  /** Words of one person. */
  wordsPerPerson: 5,
  wordChars: 30,
  /** Different words in one poll. */
  words: 5_000,
  textChars: 280,
  /** Texts in one poll. */
  texts: 5_000,
  /** Votes in the state, over all polls; those of archived polls have left it. */
  votes: 100_000,
  /** People with a vote that is not secret. */
  people: 20_000,
  secondsMax: 3_600,
  pointsMax: 10_000,
  /** Past it the least frequent are not shown. */
  wordsShown: 60,
  /** Past it the oldest are not shown. */
  textsShown: 40,
  /** People named for one option. */
  namesShown: 8,
  boardLines: 20,
  /** Texts or words of one poll that staff took out of sight. */
  hidden: 200,
  /** Least milliseconds between two digests. */
  digestMs: 250,
  /** The log has the results this long after the first vote that it lacks. */
  tallyMs: 2_000,
  /** Answered later than this, a quiz without a time limit gives no more for being fast. */
  fastMs: 30_000,
} as const

/** The command that drafted a poll names it. */
export type PollId = CommandId

/**
 * Who learns how somebody voted: `named`: everyone; `hidden`: staff, not the audience; `secret`: nobody.
 */
export type Privacy = 'named' | 'hidden' | 'secret'

/** What is asked for. A choice with `quiz` has right answers. */
export type Form =
  /** Options are named by their index; at most `max` of them are picked. */
  | { type: 'choice'; options: string[]; max: number; quiz?: Quiz }
  /** From 1 to `steps`. */
  | { type: 'rating'; steps: number; low?: string; high?: string }
  /** At most `max` words each. */
  | { type: 'words'; max: number }
  | { type: 'text' }

/** What a right answer is worth. */
export interface Quiz {
  points: number
  /** The later the answer, the fewer points, down to half of them. */
  speed: boolean
}

/** A form as staff write it: with the right answers, which nobody else sees before they are revealed. */
export type FormSpec =
  | { type: 'choice'; options: string[]; max: number; quiz?: Quiz & { right: number[] } }
  | Exclude<Form, { type: 'choice' }>

/** A poll as staff write it. */
export interface PollSpec {
  title: string
  form: FormSpec
  privacy: Privacy
  /** Whether the audience sees the results from the first vote on, or once they are revealed. */
  show: 'live' | 'revealed'
  /** Whether a vote can be changed until the poll closes. */
  change: boolean
  /** It closes by itself so long after it opened; null when staff close it. */
  seconds: number | null
}

export type Answer = { picks: number[] } | { rating: number } | { words: string[] } | { text: string }

export interface TextAnswer {
  text: string
  /** Whose words, for those who may know. */
  by?: { id: UserId; name: string }
}

/** Results as one audience may see them: of those that are not shown to it, the number of votes alone. */
export interface Results {
  /** People who voted. */
  votes: number
  /** By option, or by step of the scale. */
  counts?: number[]
  /** Some of those who picked each option, for those who may know. */
  names?: string[][]
  /** The most frequent first. */
  words?: [word: string, count: number][]
  /** The newest last; of a secret poll in alphabetical order. */
  texts?: TextAnswer[]
}

export type PollStatus = 'draft' | 'open' | 'closed' | 'archived'

export interface Poll extends Omit<PollSpec, 'form'> {
  id: PollId
  form: Form
  status: PollStatus
  openedAt: Millis | null
  /** When it closes by itself. */
  closesAt: Millis | null
  closedAt: Millis | null
  /** Results, and right answers, are there for all to see. */
  revealed: boolean
  /** The single votes are gone: it cannot be opened again. */
  sealed: boolean
  /** As of the last tally; `resultsOf` has them up to date. */
  results: Results
  /** The right options of a quiz; staff always have them, all others once revealed. */
  right?: number[]
  /** What staff took out of the results; in their view alone. */
  hidden?: string[]
}

export interface BoardLine {
  user: UserId
  name: string
  points: number
}

export interface PollsView {
  /** For staff all of them, in the order of drafting; for all others those that are open or closed, in the order of opening. */
  polls: Poll[]
  /** Who has the most points of quizzes with names, best first. */
  board: BoardLine[]
  /** How many tallies are in the results. */
  tallies: number
  staff?: true
}

export interface MyVote {
  answer: Answer
  /** How long after the opening it was given. */
  afterMs: Millis
  /** What it gave, in a quiz that is revealed. */
  points?: number
}
export interface PollsMine {
  /** In polls that are not sealed. */
  votes: Record<PollId, MyVote>
  /** Mine on the board, be I among its lines or not. */
  points: number
}

/** Results since the last tally; meaningless beside a view with more tallies. */
export interface PollsDigest {
  tallies: number
  /** Polls whose numbers have changed; without names and what people wrote, which come with the next tally. */
  results: Record<PollId, Results>
}

/** What is right in a quiz, and what that gives. */
export interface Solution extends Quiz {
  right: number[]
  /** Full points sink to half of them within this time. */
  withinMs: Millis
  /** Whether points go to the board. */
  board: boolean
}

/** What happens in a room for polls. */
export interface PollsBodies {
  /** These are for staff. */
  draft: { poll: PollSpec }
  edit: { poll: PollId; spec: PollSpec }
  remove: { poll: PollId }
  hide: { poll: PollId; text: string; on: boolean }
  /** As the audience sees it from now on. */
  open: { poll: Poll }
  /** `sealed`: of a secret poll, whose single votes are gone with it. */
  close: { poll: PollId; sealed?: true }
  reopen: { poll: PollId; closesAt: Millis | null }
  reveal: { poll: PollId; quiz?: Solution }
  archive: { poll: PollId }
  /** Out of the archive, as the audience sees it. */
  restore: { poll: Poll }
  /** Visible to the voter alone; of a secret poll to nobody, and then nothing but the alias says whose it is. */
  vote: { poll: PollId; answer: Answer; afterMs: Millis; alias?: UserId }
  /** What everyone learns of the votes, every so often. */
  tally: { results: Record<PollId, Results> }
  /** Right behind a tally: where staff may see more than that. */
  counted: { results: Record<PollId, Results> }
  board: { lines: BoardLine[] }
  clearBoard: Record<string, never>
}
export type PollsEntry = EntryOf<PollsBodies>
export type PollsEntryOf<T extends keyof PollsBodies> = Entry<T, PollsBodies[T]>

/** A poll as the state keeps it. */
export interface StoredPoll {
  /** As everyone sees it, with the results that everyone was told. */
  shown: Poll
  /** Those that staff were told. */
  staff: Results
  right: number[] | null
  hidden: string[]
  /** Gone once it is sealed. */
  ballots: Record<UserId, MyVote>
  votes: number
  counts: number[]
  words: Record<string, number>
  /** Whose text, oldest first; null in a secret poll that is closed, whose texts are in alphabetical order. */
  texts: { who: UserId | null; text: string }[]
}

/** Plain JSON and bounded. */
export interface PollsState {
  polls: Record<PollId, StoredPoll>
  /** Open and closed ones in the order of opening. */
  lineup: PollId[]
  people: Record<UserId, { name: string; points: number }>
  /** As everyone was told. */
  board: BoardLine[]
  /** Single votes kept, over all polls. */
  voteCount: number
  tallies: number
  /** Secret polls that are open. */
  secret: PollId[]
  /** When the first vote came that is in no tally; null when all are. Votes of secret polls are in none before the end. */
  untalliedSince: Millis | null
}
