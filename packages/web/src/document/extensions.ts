import { Collaboration } from '@tiptap/extension-collaboration'
import { Placeholder } from '@tiptap/extensions'
import { carets } from './carets.ts'
import { commentMarks } from './comments/comment-marks.ts'
import { FRAGMENT } from './fragment.ts'
import { pageKeys } from './page-keys.ts'
import { CONTENT } from './schema.ts'
import { slash } from './slash.ts'
import type { AnyExtension } from '@tiptap/core'
import type { CommentMarks } from './comments/comment-marks.ts'
import type { OpenDocument } from './open-document.ts'
import type { PageKeys } from './page-keys.ts'
import type { SlashMenu } from './slash.ts'

interface Parts {
  open: OpenDocument
  menu: SlashMenu
  comments: CommentMarks
  keys: PageKeys
}

/** The content, and all that an editor adds to it: sharing, cursors, comments, the slash and keys. */
export function editorExtensions({ open, menu, comments, keys }: Parts): AnyExtension[] {
  return [
    ...CONTENT,
    Collaboration.configure({ document: open.doc, field: FRAGMENT }),
    carets(open.provider.awareness),
    Placeholder.configure({ placeholder: 'Write, or type / for more' }),
    slash(menu),
    commentMarks(comments, open.doc),
    pageKeys(keys),
  ]
}
