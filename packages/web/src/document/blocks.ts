import {
  IconBlockquote,
  IconCheckbox,
  IconCode,
  IconH1,
  IconH2,
  IconH3,
  IconLetterT,
  IconList,
  IconListNumbers,
  IconPhoto,
  IconSeparatorHorizontal,
  IconTable,
} from '@tabler/icons-react'
import type { ChainedCommands, Editor } from '@tiptap/core'
import type { ComponentType } from 'react'

/** A kind of block that can be begun or turned into, from the menus and by a slash. */
export interface BlockChoice {
  id: string
  title: string
  hint: string
  /** What else it may be looked for by. */
  words: string
  icon: ComponentType<{ size?: number; stroke?: number }>
  /** Null for what needs more than a command: an image is chosen first. */
  run: ((chain: ChainedCommands) => ChainedCommands) | null
  isOn(editor: Editor): boolean
}

export const BLOCKS: readonly BlockChoice[] = [
  {
    id: 'text',
    title: 'Text',
    hint: 'Plain paragraph',
    words: 'paragraph normal',
    icon: IconLetterT,
    run: (chain) => chain.setParagraph(),
    isOn: (editor) => editor.isActive('paragraph') && !editor.isActive('listItem') && !editor.isActive('taskItem'),
  },
  ...([1, 2, 3] as const).map((level): BlockChoice => ({
    id: `heading-${level}`,
    title: ['Title', 'Heading', 'Subheading'][level - 1] ?? 'Heading',
    hint: '#'.repeat(level),
    words: `heading h${level} title`,
    icon: [IconH1, IconH2, IconH3][level - 1] ?? IconH1,
    run: (chain) => chain.setHeading({ level }),
    isOn: (editor) => editor.isActive('heading', { level }),
  })),
  {
    id: 'bullets',
    title: 'Bullet list',
    hint: '-',
    words: 'unordered points',
    icon: IconList,
    run: (chain) => chain.toggleBulletList(),
    isOn: (editor) => editor.isActive('bulletList'),
  },
  {
    id: 'numbers',
    title: 'Numbered list',
    hint: '1.',
    words: 'ordered',
    icon: IconListNumbers,
    run: (chain) => chain.toggleOrderedList(),
    isOn: (editor) => editor.isActive('orderedList'),
  },
  {
    id: 'tasks',
    title: 'Task list',
    hint: '[ ]',
    words: 'todo check boxes',
    icon: IconCheckbox,
    run: (chain) => chain.toggleTaskList(),
    isOn: (editor) => editor.isActive('taskList'),
  },
  {
    id: 'quote',
    title: 'Quote',
    hint: '>',
    words: 'blockquote citation',
    icon: IconBlockquote,
    run: (chain) => chain.toggleBlockquote(),
    isOn: (editor) => editor.isActive('blockquote'),
  },
  {
    id: 'code',
    title: 'Code',
    hint: '```',
    words: 'block program',
    icon: IconCode,
    run: (chain) => chain.toggleCodeBlock(),
    isOn: (editor) => editor.isActive('codeBlock'),
  },
  {
    id: 'table',
    title: 'Table',
    hint: '3 × 3',
    words: 'grid rows columns',
    icon: IconTable,
    run: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
    isOn: (editor) => editor.isActive('table'),
  },
  {
    id: 'image',
    title: 'Image',
    hint: 'From this device',
    words: 'picture photo upload',
    icon: IconPhoto,
    run: null,
    isOn: (editor) => editor.isActive('image'),
  },
  {
    id: 'rule',
    title: 'Divider',
    hint: '---',
    words: 'horizontal rule line',
    icon: IconSeparatorHorizontal,
    run: (chain) => chain.setHorizontalRule(),
    isOn: () => false,
  },
]

/** Those that a typed word can mean, in their order. */
export function blocksFor(typed: string): BlockChoice[] {
  const wanted = typed.trim().toLowerCase()
  return BLOCKS.filter(
    ({ title, words }) =>
      `${title} ${words}`
        .toLowerCase()
        .split(' ')
        .some((word) => word.startsWith(wanted)) || title.toLowerCase().startsWith(wanted),
  )
}
