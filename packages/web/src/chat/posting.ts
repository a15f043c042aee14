import { CLIENT_LIMITS } from '@plenary/client'
import { audienceOf } from '@plenary/kinds'
import { useNowUntil } from '../shell/now.ts'
import { clockText, countdownText } from './times.ts'
import type { ChatMine, ChatView, Me } from './chat-room.ts'

interface Posting {
  /** Why I cannot post now. */
  barred: string | null
  /** What I should know before I do. */
  hint: string | null
}

/** Whether the room's rules let me post now, in words. The room itself decides; this only spares a refusal. */
export function usePosting(view: ChatView | null, mine: ChatMine | null, me: Me, waiting: number): Posting {
  const staff = audienceOf(me.role) === 'staff'
  const until = mine?.muted ?? null
  const nextAt = mine?.nextPostAt ?? 0
  const now = useNowUntil(Math.max(nextAt, typeof until === 'number' ? until : 0))

  if (waiting >= CLIENT_LIMITS.outboxCommandsPerRoom)
    return { barred: 'Too many messages wait on this device. They go out once you are connected.', hint: null }
  if (staff) return { barred: null, hint: null }
  if (until === true) return { barred: 'The hosts have muted you. You can read along.', hint: null }
  if (until !== null && until > now)
    return { barred: `The hosts have muted you until ${clockText(until)}.`, hint: null }
  if (nextAt > now) return { barred: `Slow mode: you can write again in ${countdownText(nextAt - now)}.`, hint: null }
  if (view?.hold) return { barred: null, hint: 'The hosts approve each message before it is shown.' }
  return { barred: null, hint: null }
}
