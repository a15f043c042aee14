import { ActionIcon, Button } from '@mantine/core'
import { IconHistory, IconMessage, IconUserPlus } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { EditorContent, useEditor } from '@tiptap/react'
import { BubbleMenu } from '@tiptap/react/menus'
import { mayShare } from '@plenary/kinds/document'
import { Suspense, lazy, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useEventRoot } from '../event/session-context.ts'
import { useWide } from '../event/wide.ts'
import { InboxBell } from '../inbox/inbox-bell.tsx'
import { useSpeech } from '../shell/announcer.tsx'
import { Sheet } from '../shell/dialog.tsx'
import { failureText } from '../shell/failure-text.ts'
import { CommentMarks } from './comments/comment-marks.ts'
import { CommentsPanel } from './comments/comments-panel.tsx'
import { useCommentActs } from './comments/comment-acts.ts'
import { DocumentMenu } from './document-menu.tsx'
import { editorExtensions } from './extensions.ts'
import { chooseFiles, IMAGE_TYPES, insertImages, isImage } from './images.ts'
import { Outline } from './outline.tsx'
import { PageKeys } from './page-keys.ts'
import { PeopleHere } from './people-here.tsx'
import { personColour } from './person-colour.ts'
import { Refused } from './refused.tsx'
import { SlashMenu } from './slash.ts'
import { SlashMenuList } from './slash-menu.tsx'
import { StatusLine } from './status-line.tsx'
import { useTextFacts } from './text-facts.ts'
import { MarkTools, Tool, Toolbar } from './toolbar.tsx'
import { useUpload } from './upload.ts'
import './colours.css'
import menus from './menus.module.css'
import styles from './document.module.css'
import text from './text.module.css'
import type { DocumentView } from '@plenary/kinds/document'
import type { Editor } from '@tiptap/core'
import type { ReactNode } from 'react'
import type { Draft } from './comments/comments-panel.tsx'
import type { OpenDocument } from './open-document.ts'
import type { Writer } from './writer.ts'

const HistoryPanel = lazy(() =>
  import('./history/history-page.tsx').then(({ HistoryPage: component }) => ({ default: component })),
)
const ShareDialog = lazy(() =>
  import('./share/share-dialog.tsx').then(({ ShareDialog: component }) => ({ default: component })),
)

interface DocumentDeskProps {
  open: OpenDocument
  title: string
  me: Writer
  /** Null while only what this device keeps is known. */
  view: DocumentView | null
  /** Who has the page open, as far as is told. */
  members: readonly { id: string; name: string }[]
  mayEdit: boolean
  mayComment: boolean
  back: ReactNode
  /** Opens the document anew. */
  again(): void
}

/** The page of a document: the text, the tools for it, and what stands beside it. */
export function DocumentDesk({ open, title, me, view, members, mayEdit, mayComment, back, again }: DocumentDeskProps) {
  const { room, provider } = open
  const { toast } = useSpeech()
  const wide = useWide()
  const upload = useUpload(useEventRoot(), room)
  const acts = useCommentActs(room)
  const [marks] = useState(() => new CommentMarks())
  const [menu] = useState(() => new SlashMenu())
  const [keys] = useState(() => new PageKeys())
  const [panel, setPanel] = useState<'comments' | null>(null)
  const [history, setHistory] = useState(false)
  const [sharing, setSharing] = useState(false)
  const [active, setActive] = useState<string | null>(null)
  const [draft, setDraft] = useState<Draft | null>(null)
  const tools = useRef<HTMLElement>(null)
  const threads = view?.threads ?? NONE

  const comment = useCallback(() => {
    const selected = marks.selection()
    setDraft(selected ?? { anchor: null, quote: '' })
    setActive(null)
    setPanel('comments')
  }, [marks])
  const images = useCallback(
    (editor: Editor, files: readonly File[]) =>
      void insertImages(editor, files, upload).catch((error: unknown) => toast(failureText(error))),
    [toast, upload],
  )

  const extensions = useMemo(() => editorExtensions({ open, menu, comments: marks, keys }), [open, menu, marks, keys])
  const editor = useEditor(
    {
      extensions,
      editable: mayEdit,
      textDirection: 'auto',
      editorProps: {
        attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Text of the document' },
        handlePaste: (_view, event) => takeImages(event.clipboardData?.files),
        handleDrop: (_view, event) => takeImages(event.dataTransfer?.files),
      },
      shouldRerenderOnTransaction: false,
    },
    [extensions],
  )
  function takeImages(files: FileList | undefined): boolean {
    const found = [...(files ?? [])].filter(isImage)
    if (found.length === 0) return false
    images(editor, found)
    return true
  }
  const choose = useCallback(
    (inside: Editor) =>
      void chooseFiles(IMAGE_TYPES.join(','), true).then((files) => images(inside, files.filter(isImage))),
    [images],
  )

  useEffect(() => {
    editor.setEditable(mayEdit)
  }, [editor, mayEdit])
  useEffect(() => {
    menu.listen(choose)
    marks.listen((thread) => {
      setActive(thread)
      setPanel('comments')
    })
    keys.listen({
      comment: () => (mayComment ? comment() : undefined),
      toolbar: () => tools.current?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus(),
    })
  }, [menu, marks, keys, choose, comment, mayComment])
  useEffect(() => {
    marks.show({ threads, active: panel === 'comments' ? active : null, draft: draft?.anchor ?? null })
  }, [marks, threads, active, draft, panel])
  useEffect(() => {
    provider.awareness.setLocalStateField('user', { id: me.id, name: me.name, color: personColour(me.id) })
  }, [provider, me.id, me.name])

  // A notice leads to the comment that it is about.
  const wanted = useLocation({ select: ({ hash }) => /^thread-(.+)$/.exec(hash)?.[1] ?? null })
  const found = threads.some(({ id }) => id === wanted)
  useEffect(() => {
    if (wanted === null || !found) return
    // oxlint-disable-next-line react/set-state-in-effect -- the address changes outside, and the comment comes later than it
    setPanel('comments')
    setActive(wanted)
  }, [wanted, found])

  const facts = useTextFacts(editor)
  const show = (at: number) => {
    const { node } = editor.view.domAtPos(at + 1)
    const element = node instanceof Element ? node : node.parentElement
    element?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }
  const activate = (thread: string | null) => {
    setActive(thread)
    const looked = threads.find(({ id }) => id === thread)
    const at = looked === undefined ? null : marks.placeOf(looked)
    if (at !== null) show(at)
  }
  const openThreads = threads.filter(({ resolved }) => resolved === null).length
  const people = useMemo(() => {
    const all = new Map<string, string>(members.map(({ id, name }) => [id, name]))
    for (const { comments } of threads) for (const { by } of comments) all.set(by.id, by.name)
    all.delete(me.id)
    return [...all].map(([id, name]) => ({ id, name }))
  }, [members, threads, me.id])
  const comments = (
    <CommentsPanel
      threads={threads}
      placeOf={(thread) => marks.placeOf(thread)}
      active={active}
      draft={draft}
      me={me.id}
      staff={mayShare(me.role) || me.role === 'moderator'}
      acts={mayComment ? acts : null}
      people={people}
      onActive={activate}
      onDraft={setDraft}
    />
  )
  const close = () => {
    setPanel(null)
    setDraft(null)
  }

  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <span className={styles.back}>{back}</span>
        <div className={styles.titles}>
          <h1>{title}</h1>
          <StatusLine provider={provider} words={facts?.words ?? null} mayEdit={mayEdit} />
        </div>
        <PeopleHere awareness={provider.awareness} me={me.id} />
        <div className={styles.tools}>
          <InboxBell />
          <ActionIcon
            aria-label={openThreads === 0 ? 'Comments' : `Comments, ${openThreads} open`}
            title="Comments"
            aria-expanded={panel === 'comments'}
            onClick={() => (panel === null ? setPanel('comments') : close())}
          >
            <IconMessage size={22} stroke={1.75} />
            {openThreads === 0 ? null : <span className={styles.badge}>{openThreads}</span>}
          </ActionIcon>
          {view === null ? null : (
            <ActionIcon aria-label="History" title="History" onClick={() => setHistory(true)}>
              <IconHistory size={22} stroke={1.75} />
            </ActionIcon>
          )}
          {view !== null && wide ? (
            <Button
              variant="light"
              leftSection={<IconUserPlus size={20} stroke={1.75} />}
              onClick={() => setSharing(true)}
            >
              Share
            </Button>
          ) : null}
          <DocumentMenu
            editor={editor}
            title={title}
            mayEdit={mayEdit}
            ready={view !== null}
            upload={upload}
            {...(view !== null && !wide ? { onShare: () => setSharing(true) } : {})}
          />
        </div>
      </header>
      <Refused provider={provider} again={again} />
      {mayEdit ? (
        <section ref={tools} className={styles.toolRow} aria-label="Tools">
          <Toolbar editor={editor} onImage={() => choose(editor)} onComment={mayComment ? comment : null} />
        </section>
      ) : null}
      <div className={styles.hall}>
        <Outline items={facts?.outline ?? []} onShow={show} />
        <main className={styles.desk}>
          <div className={`${text.sheet} ${text.text}`}>
            <EditorContent editor={editor} />
          </div>
          <SlashMenuList menu={menu} />
        </main>
        {panel === 'comments' && wide ? <aside className={styles.side}>{comments}</aside> : null}
      </div>
      <BubbleMenu
        editor={editor}
        className={menus.bubble}
        shouldShow={({ state, editor: inside }) =>
          !state.selection.empty &&
          !inside.isActive('image') &&
          !inside.isActive('codeBlock') &&
          (mayEdit || mayComment)
        }
      >
        <div className={menus.toolbar} role="toolbar" aria-label="Selection">
          {mayEdit ? <MarkTools editor={editor} /> : null}
          {mayComment ? (
            <Tool title="Comment" keys="Ctrl Alt M" onClick={comment}>
              <IconMessage size={20} stroke={1.75} />
              {mayEdit ? null : 'Comment'}
            </Tool>
          ) : null}
        </div>
      </BubbleMenu>
      {panel === 'comments' && !wide ? (
        <Sheet from="bottom" title="Comments" onClose={close}>
          {comments}
        </Sheet>
      ) : null}
      <Suspense fallback={null}>
        {history && view !== null ? (
          <HistoryPanel open={open} view={view} mayEdit={mayEdit} onClose={() => setHistory(false)} />
        ) : null}
        {sharing && view !== null ? (
          <ShareDialog room={room} view={view} me={me} onClose={() => setSharing(false)} />
        ) : null}
      </Suspense>
    </div>
  )
}

const NONE: DocumentView['threads'] = []
