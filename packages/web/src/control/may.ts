import { chat, polls, questions, stage, type AnyClientKind, type AnyKind, type Role } from '@plenary/kinds'

/** Whole kinds, which say it. They are too much for a page that only takes part. */
const RULES = new Map<string, AnyKind>([chat, polls, questions, stage].map((kind) => [kind.name, kind]))

/** Whether the kind's own table lets this role ask for that. */
export function may(kind: AnyClientKind, type: string, role: Role): boolean {
  return RULES.get(kind.name)?.commands[type]?.allow.includes(role) ?? false
}
