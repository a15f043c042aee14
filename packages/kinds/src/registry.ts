import { boardKind } from './board/board-kind.ts'
import { chat } from './chat.ts'
import { document } from './document.ts'
import * as games from './games.ts'
import { inbox } from './inbox.ts'
import type { AnyKind } from './kind.ts'
import { polls } from './polls.ts'
import { questions } from './questions.ts'
import { stage } from './stage.ts'

/** The kinds a node knows by name; a new kind is one line here. */
export const kinds: readonly AnyKind[] = [
  chat,
  document,
  inbox,
  questions,
  polls,
  stage,
  ...Object.values(games).map(boardKind),
]

export type KindTable = ReadonlyMap<string, AnyKind>

export function kindTable(list: readonly AnyKind[]): KindTable {
  const table = new Map(list.map((kind) => [kind.name, kind]))
  if (table.size !== list.length) throw new Error('Two kinds have one name.')
  return table
}
