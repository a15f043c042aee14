import { unmasked } from '../../../packages/engine/src/testing/unmask.ts'
import type { CommandId, UserId } from '@plenary/kinds'

export interface Voter {
  user: UserId
  name: string
  command: CommandId
}

/** Whom of these somebody with all these bytes finds behind a ballot: by an alias and its key, or because it stands beside it. */
export function linked(bytes: Buffer, voters: readonly Voter[]): UserId[] {
  const found = new Set(unmasked(bytes, voters))
  for (const ballot of ballotsIn(bytes.toString('latin1')))
    for (const { user, name, command } of voters)
      if ([user, name, command].some((own) => ballot.includes(own))) found.add(user)
  return [...found].toSorted()
}

/** Each vote that stands in a log, with what stands around it in the same entry; quotes may be escaped. */
function ballotsIn(text: string): string[] {
  const entries = text.matchAll(
    /\{\\*"seq\\*":(?:(?!\\*"seq\\*":).)*?\\*"type\\*":\\*"vote\\*"(?:(?!\\*"seq\\*":).){0,400}/gs,
  )
  return [...entries].map(([entry]) => entry)
}
