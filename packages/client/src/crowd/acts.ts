import type { Act } from './act.ts'
import { chatAct } from './chat-act.ts'

/** By the kind's name; the first is what a crowd does when nothing is said. */
export const ACTS: Readonly<Record<string, Act>> = { chat: chatAct }
