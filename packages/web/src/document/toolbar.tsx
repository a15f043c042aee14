import { Button, Menu, Popover, TextInput } from '@mantine/core'
import {
  IconAlignCenter,
  IconAlignJustified,
  IconAlignLeft,
  IconAlignRight,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBold,
  IconChevronDown,
  IconCode,
  IconIndentDecrease,
  IconIndentIncrease,
  IconItalic,
  IconLink,
  IconMessagePlus,
  IconPalette,
  IconPlus,
  IconStrikethrough,
  IconTable,
  IconUnderline,
} from '@tabler/icons-react'
import { useEditorState } from '@tiptap/react'
import { useEffect, useRef, useState } from 'react'
import { BLOCKS } from './blocks.ts'
import { COLOUR_NAMES } from './colours.ts'
import { safeHref } from './convert/address.ts'
import styles from './menus.module.css'
import type { ChainedCommands, Editor } from '@tiptap/core'
import type { ComponentType, KeyboardEvent, ReactNode } from 'react'

type Icon = ComponentType<{ size?: number; stroke?: number }>
const icon = (Shape: Icon) => <Shape size={20} stroke={1.75} />

interface ToolbarProps {
  editor: Editor
  onImage(): void
  /** Null where one may not comment. */
  onComment: (() => void) | null
}

const MARKS: readonly {
  name: string
  title: string
  keys: string
  icon: Icon
  run(chain: ChainedCommands): ChainedCommands
}[] = [
  { name: 'bold', title: 'Bold', keys: 'Ctrl B', icon: IconBold, run: (chain) => chain.toggleBold() },
  { name: 'italic', title: 'Italic', keys: 'Ctrl I', icon: IconItalic, run: (chain) => chain.toggleItalic() },
  {
    name: 'underline',
    title: 'Underline',
    keys: 'Ctrl U',
    icon: IconUnderline,
    run: (chain) => chain.toggleUnderline(),
  },
  {
    name: 'strike',
    title: 'Strike through',
    keys: 'Ctrl Shift S',
    icon: IconStrikethrough,
    run: (chain) => chain.toggleStrike(),
  },
  { name: 'code', title: 'Code', keys: 'Ctrl E', icon: IconCode, run: (chain) => chain.toggleCode() },
]
const ALIGNS = [
  { name: 'left', title: 'Left', icon: IconAlignLeft },
  { name: 'center', title: 'Centre', icon: IconAlignCenter },
  { name: 'right', title: 'Right', icon: IconAlignRight },
  { name: 'justify', title: 'Justified', icon: IconAlignJustified },
] as const

/** All that can be done to the text, one row; arrow keys go along it. */
export function Toolbar({ editor, onImage, onComment }: ToolbarProps) {
  const now = useEditorState({
    editor,
    selector: ({ editor: inside }) => ({
      block: BLOCKS.findLast(({ isOn }) => isOn(inside))?.title ?? 'Text',
      align: ALIGNS.find(({ name }) => inside.isActive({ textAlign: name }))?.name ?? null,
      undo: inside.can().undo(),
      redo: inside.can().redo(),
      list: inside.isActive('listItem') || inside.isActive('taskItem'),
      table: inside.isActive('table'),
    }),
  })
  return (
    <Row label="Formatting">
      <Tool title="Undo" keys="Ctrl Z" disabled={!now.undo} onClick={() => editor.chain().focus().undo().run()}>
        {icon(IconArrowBackUp)}
      </Tool>
      <Tool title="Redo" keys="Ctrl Y" disabled={!now.redo} onClick={() => editor.chain().focus().redo().run()}>
        {icon(IconArrowForwardUp)}
      </Tool>
      <i className={styles.divider} aria-hidden="true" />
      <Menu position="bottom-start">
        <Menu.Target>
          <button
            type="button"
            className={`${styles.tool} ${styles.blockTool}`}
            aria-label={`Kind of block: ${now.block}`}
          >
            <span>{now.block}</span>
            <IconChevronDown size={16} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {BLOCKS.slice(0, 9).map((block) => (
            <Menu.Item
              key={block.id}
              leftSection={<block.icon size={18} stroke={1.75} />}
              onClick={() => block.run?.(editor.chain().focus()).run()}
            >
              {block.title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <i className={styles.divider} aria-hidden="true" />
      <MarkTools editor={editor} />
      <i className={styles.divider} aria-hidden="true" />
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className={styles.tool} aria-label="Alignment" title="Alignment">
            {icon(ALIGNS.find(({ name }) => name === now.align)?.icon ?? IconAlignLeft)}
            <IconChevronDown size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {ALIGNS.map((align) => (
            <Menu.Item
              key={align.name}
              leftSection={icon(align.icon)}
              onClick={() =>
                now.align === align.name
                  ? editor.chain().focus().unsetTextAlign().run()
                  : editor.chain().focus().setTextAlign(align.name).run()
              }
            >
              {align.title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {now.list ? (
        <>
          <Tool title="Less deep" keys="Shift Tab" onClick={() => lift(editor)}>
            {icon(IconIndentDecrease)}
          </Tool>
          <Tool title="Deeper" keys="Tab" onClick={() => sink(editor)}>
            {icon(IconIndentIncrease)}
          </Tool>
        </>
      ) : null}
      <i className={styles.divider} aria-hidden="true" />
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button" className={styles.tool} aria-label="Insert" title="Insert">
            {icon(IconPlus)}
            <IconChevronDown size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {BLOCKS.slice(9).map((block) => (
            <Menu.Item
              key={block.id}
              leftSection={<block.icon size={18} stroke={1.75} />}
              onClick={() => (block.run === null ? onImage() : block.run(editor.chain().focus()).run())}
            >
              {block.title}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {now.table ? <TableTools editor={editor} /> : null}
      {onComment ? (
        <Tool title="Comment" keys="Ctrl Alt M" onClick={onComment}>
          {icon(IconMessagePlus)}
        </Tool>
      ) : null}
    </Row>
  )
}

/** What can be done to a piece of text, in the toolbar and at a selection alike. */
export function MarkTools({ editor }: { editor: Editor }) {
  const on = useEditorState({
    editor,
    selector: ({ editor: inside }) =>
      MARKS.filter(({ name }) => inside.isActive(name))
        .map(({ name }) => name)
        .join(' '),
  })
  return (
    <>
      {MARKS.map((mark) => (
        <Tool
          key={mark.name}
          title={mark.title}
          keys={mark.keys}
          pressed={on.split(' ').includes(mark.name)}
          onClick={() => mark.run(editor.chain().focus()).run()}
        >
          {icon(mark.icon)}
        </Tool>
      ))}
      <LinkTool editor={editor} />
      <ColourTool editor={editor} />
    </>
  )
}

function LinkTool({ editor }: { editor: Editor }) {
  const [opened, setOpened] = useState(false)
  const [typed, setTyped] = useState('')
  const href = useEditorState({
    editor,
    selector: ({ editor: inside }) =>
      inside.isActive('link') ? String(inside.getAttributes('link')['href'] ?? '') : null,
  })
  const address = safeHref(/^[\w-]+(?:\.[\w-]+)+/.test(typed.trim()) ? `https://${typed.trim()}` : typed)
  const close = () => {
    setOpened(false)
    editor.commands.focus()
  }
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-start">
      <Popover.Target>
        <button
          type="button"
          className={styles.tool}
          aria-label="Link"
          title="Link"
          aria-pressed={href !== null}
          onClick={() => {
            setTyped(href ?? '')
            setOpened(!opened)
          }}
        >
          {icon(IconLink)}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (address === null) return
            editor.chain().focus().extendMarkRange('link').setLink({ href: address }).run()
            setOpened(false)
          }}
        >
          <TextInput
            label="Link to"
            placeholder="https://"
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button.Group mt="xs">
            <Button type="submit" size="sm" disabled={address === null}>
              Set the link
            </Button>
            {href === null ? null : (
              <Button
                size="sm"
                variant="subtle"
                onClick={() => {
                  editor.chain().focus().extendMarkRange('link').unsetLink().run()
                  close()
                }}
              >
                Remove it
              </Button>
            )}
          </Button.Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

function ColourTool({ editor }: { editor: Editor }) {
  const [opened, setOpened] = useState(false)
  const now = useEditorState({
    editor,
    selector: ({ editor: inside }) => ({
      textColor: inside.getAttributes('textColor')['color'] as unknown,
      highlight: inside.getAttributes('highlight')['color'] as unknown,
    }),
  })
  const row = (mark: 'textColor' | 'highlight', title: string) => (
    <>
      <p className={styles.swatchTitle}>{title}</p>
      <div className={styles.swatches} role="group" aria-label={title}>
        <button
          type="button"
          className={styles.swatch}
          aria-label={`${title}: none`}
          title="None"
          aria-pressed={now[mark] === undefined}
          onClick={() => {
            editor.chain().focus().unsetMark(mark).run()
            setOpened(false)
          }}
        >
          –
        </button>
        {COLOUR_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            className={styles.swatch}
            aria-label={`${title}: ${name}`}
            title={name}
            aria-pressed={now[mark] === name}
            style={mark === 'textColor' ? { color: `var(--text-${name})` } : { background: `var(--light-${name})` }}
            onClick={() => {
              editor.chain().focus().setMark(mark, { color: name }).run()
              setOpened(false)
            }}
          >
            A
          </button>
        ))}
      </div>
    </>
  )
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-start">
      <Popover.Target>
        <button
          type="button"
          className={styles.tool}
          aria-label="Colours"
          title="Colours"
          onClick={() => setOpened(!opened)}
        >
          {icon(IconPalette)}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        {row('textColor', 'Colour of the text')}
        {row('highlight', 'Highlight')}
      </Popover.Dropdown>
    </Popover>
  )
}

const TABLE_ACTS: readonly { title: string; run(chain: ChainedCommands): ChainedCommands }[] = [
  { title: 'Row above', run: (chain) => chain.addRowBefore() },
  { title: 'Row below', run: (chain) => chain.addRowAfter() },
  { title: 'Column before', run: (chain) => chain.addColumnBefore() },
  { title: 'Column behind', run: (chain) => chain.addColumnAfter() },
  { title: 'Heading row', run: (chain) => chain.toggleHeaderRow() },
  { title: 'Heading column', run: (chain) => chain.toggleHeaderColumn() },
  { title: 'Merge or split cells', run: (chain) => chain.mergeOrSplit() },
  { title: 'Delete the row', run: (chain) => chain.deleteRow() },
  { title: 'Delete the column', run: (chain) => chain.deleteColumn() },
  { title: 'Delete the table', run: (chain) => chain.deleteTable() },
]

function TableTools({ editor }: { editor: Editor }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={styles.tool} aria-label="Table" title="Table">
          {icon(IconTable)}
          <IconChevronDown size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {TABLE_ACTS.map(({ title, run }) => (
          <Menu.Item key={title} onClick={() => run(editor.chain().focus()).run()}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function sink(editor: Editor): void {
  editor
    .chain()
    .focus()
    .sinkListItem(editor.isActive('taskItem') ? 'taskItem' : 'listItem')
    .run()
}
function lift(editor: Editor): void {
  editor
    .chain()
    .focus()
    .liftListItem(editor.isActive('taskItem') ? 'taskItem' : 'listItem')
    .run()
}

export function Tool(props: {
  title: string
  keys?: string
  pressed?: boolean
  disabled?: boolean
  onClick(): void
  children: ReactNode
}) {
  const { title, keys, pressed, disabled = false, onClick, children } = props
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={title}
      title={keys === undefined ? title : `${title} (${keys})`}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      disabled={disabled}
      // The selection stays where it is.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      {children}
    </button>
  )
}

/** A row of tools that takes one stop of the Tab key; arrow keys, Home and End go along it. */
function Row({ label, children }: { label: string; children: ReactNode }) {
  const row = useRef<HTMLDivElement>(null)
  const tools = () => [...(row.current?.querySelectorAll<HTMLButtonElement>(`.${styles.tool}:not(:disabled)`) ?? [])]
  useEffect(() => {
    const all = tools()
    const stop = all.find((tool) => tool === document.activeElement) ?? all[0]
    for (const tool of all) tool.tabIndex = tool === stop ? 0 : -1
  })
  const move = (event: KeyboardEvent) => {
    const all = tools()
    const at = all.findIndex((tool) => tool === document.activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    const next = all[(to + all.length) % all.length]
    for (const tool of all) tool.tabIndex = tool === next ? 0 : -1
    next?.focus()
  }
  return (
    <div ref={row} className={styles.toolbar} role="toolbar" tabIndex={-1} aria-label={label} onKeyDown={move}>
      {children}
    </div>
  )
}
