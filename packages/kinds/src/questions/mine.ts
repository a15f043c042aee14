import type { Seq, UserId } from '../ids.ts'
import type { OwnHeldQuestion, QuestionsEntry, QuestionsMine, QuestionsState, StoredHeld } from './model.ts'

/** A held question as its author sees it. */
export function ownHeldOf({ seq, at, text, anonymous }: StoredHeld): OwnHeldQuestion {
  return { seq, at, text, ...(anonymous === undefined ? {} : { anonymous }) }
}

/** A person's own part. */
export function mine(state: QuestionsState, user: UserId): QuestionsMine {
  const all = Object.values(state.questions)
  return {
    votes: all.filter(({ voters }) => Object.hasOwn(voters, user)).map(({ shown }) => shown.seq),
    own: all.filter(({ author }) => author?.id === user).map(({ shown }) => shown.seq),
    held: state.held.filter(({ author }) => author?.id === user).map(ownHeldOf),
  }
}

/** The same one entry later; unchanged parts are the same objects. */
export function evolveMine(part: QuestionsMine, entry: QuestionsEntry, me: UserId): QuestionsMine {
  const isMe = entry.by?.id === me
  switch (entry.type) {
    case 'ask':
      // A hidden author is told by `yours`, and so is one whose question is held.
      return isMe && entry.body.held !== true && entry.body.anonymous === undefined ? asked(part, entry.seq) : part
    case 'yours': {
      if (!isMe) return part
      const { back, text, held, anonymous } = entry.body
      const seq = entry.seq - back
      if (held !== true) return asked(part, seq)
      return withHeld(part, { seq, at: entry.at, text, ...(anonymous === undefined ? {} : { anonymous }) })
    }
    case 'returned':
      return entry.body.user === me ? withHeld(part, entry.body.question) : part
    case 'edited': {
      const { target, text } = entry.body
      return { ...part, held: part.held.map((held) => (held.seq === target ? { ...held, text } : held)) }
    }
    case 'rejected':
      return withoutHeld(part, entry.body.target)
    case 'approve': {
      const rest = withoutHeld(part, entry.body.target)
      return rest === part ? part : asked(rest, entry.seq)
    }
    case 'vote': {
      if (!isMe) return part
      const { target, on, also } = entry.body
      const gone = [target, ...(also ?? [])]
      return { ...part, votes: on ? inOrder([...part.votes, target]) : part.votes.filter((seq) => !gone.includes(seq)) }
    }
    case 'mark':
    case 'delete':
      return without(part, entry.body.drops ?? [])
    default:
      return part
  }
}

function inOrder(list: readonly Seq[]): Seq[] {
  return list.toSorted((a, b) => a - b)
}

function asked(part: QuestionsMine, seq: Seq): QuestionsMine {
  return { ...part, own: inOrder([...part.own, seq]) }
}

function without(part: QuestionsMine, drops: readonly Seq[]): QuestionsMine {
  if (!drops.some((seq) => part.votes.includes(seq) || part.own.includes(seq))) return part
  const left = (list: readonly Seq[]) => list.filter((seq) => !drops.includes(seq))
  return { ...part, votes: left(part.votes), own: left(part.own) }
}

function withHeld(part: QuestionsMine, held: OwnHeldQuestion): QuestionsMine {
  return { ...part, held: [...part.held, held].toSorted((a, b) => a.seq - b.seq) }
}

function withoutHeld(part: QuestionsMine, target: Seq): QuestionsMine {
  const held = part.held.filter(({ seq }) => seq !== target)
  return held.length === part.held.length ? part : { ...part, held }
}
