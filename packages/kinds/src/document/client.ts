import type { Seq } from '../ids.ts'
import { defineClientKind } from '../kind.ts'
import type { documentCommands, documentSignals } from './commands.ts'
import { annotate } from './margin.ts'
import { FIRST_LEVELS, type DocumentBodies, type DocumentEntry, type DocumentView } from './model.ts'

export { levelOf, mayShare, reaches } from './levels.ts'
export { DOCUMENT_LIMITS, LEVELS, ROLE_LEVELS } from './model.ts'
export type {
  Anchor,
  Comment,
  DocumentBodies,
  DocumentContent,
  DocumentEntry,
  DocumentView,
  Level,
  Person,
  RoleLevel,
  Sharing,
  Thread,
  ThreadId,
  Version,
  YPosition,
  YUpdate,
} from './model.ts'

/** `@plenary/kinds/document`: a text that many write at once, as people keep up with all of it but the text. */
export const document = defineClientKind<
  typeof documentCommands,
  typeof documentSignals,
  DocumentBodies,
  DocumentView,
  undefined
>({
  name: 'document',
  empty: () => ({ sharing: { roles: { ...FIRST_LEVELS }, people: {} }, threads: [], versions: [] }),
  evolveView: annotate,
  about,
})

function about({ type, body }: DocumentEntry): Seq | null {
  return type === 'editComment' || type === 'deleteComment' ? body.target : null
}
