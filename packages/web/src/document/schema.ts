import { Mark, getSchema, mergeAttributes } from '@tiptap/core'
import { TaskItem, TaskList } from '@tiptap/extension-list'
import { Image } from '@tiptap/extension-image'
import { TableKit } from '@tiptap/extension-table'
import { TextAlign } from '@tiptap/extension-text-align'
import { Code } from '@tiptap/extension-code'
import { StarterKit } from '@tiptap/starter-kit'
import type { Schema } from '@tiptap/pm/model'
import { isColourName } from './colours.ts'

const ALIGNMENTS = ['left', 'center', 'right', 'justify'] as const
const HEADING_LEVELS = [1, 2, 3, 4, 5, 6] as const

/** A mark that holds one name of the colours, under an attribute of the same name in HTML. */
function colourMark(name: 'textColor' | 'highlight', tag: 'span' | 'mark', attribute: string) {
  return Mark.create({
    name,
    addAttributes: () => ({
      color: {
        default: 'yellow',
        parseHTML: (element) => element.getAttribute(attribute),
        renderHTML: ({ color }) => ({ [attribute]: isColourName(color) ? color : 'yellow' }),
      },
    }),
    parseHTML: () => [{ tag: `${tag}[${attribute}]` }],
    renderHTML: ({ HTMLAttributes }) => [tag, mergeAttributes(HTMLAttributes), 0],
  })
}

const TextColor = colourMark('textColor', 'span', 'data-color')
const Highlight = colourMark('highlight', 'mark', 'data-highlight')

/** What a document can hold. The editor adds behaviour to these, and no node or mark. */
export const CONTENT = [
  StarterKit.configure({
    heading: { levels: [...HEADING_LEVELS] },
    code: false,
    link: { openOnClick: false, protocols: ['mailto', 'tel'], defaultProtocol: 'https' },
    // Undoing is the shared document's business, and two people's editors would each add an empty line at its end.
    undoRedo: false,
    trailingNode: false,
  }),
  // Code may be bold, linked or coloured like any other text.
  Code.extend({ excludes: '' }),
  TextColor,
  Highlight,
  TextAlign.configure({ types: ['heading', 'paragraph'], alignments: [...ALIGNMENTS] }),
  TaskList,
  TaskItem.configure({ nested: true }),
  Image,
  TableKit.configure({ table: { resizable: false } }),
]

export const schema: Schema = getSchema(CONTENT)
