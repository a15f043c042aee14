import type { Json } from '@plenary/kinds'

/** An evening in outline: what a template writes down, without ids. */
export interface EventPlan {
  cues: readonly {
    title: string
    minutes: number
    notes?: string
    shows: 'welcome' | 'break' | 'card' | 'questions' | 'poll' | 'end'
    text?: string
    countdown?: true
    /** Which of `polls`. */
    poll?: number
  }[]
  /** Drafts, as the kind takes them. */
  polls: readonly { title: string; form: { [key: string]: Json }; [key: string]: Json }[]
  chat?: { slowMs?: number; hold?: boolean }
  questions?: { hold?: boolean; anonymous?: 'off' | 'audience' | 'everyone' }
}
