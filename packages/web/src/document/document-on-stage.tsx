import { Collaboration } from '@tiptap/extension-collaboration'
import { EditorContent, useEditor } from '@tiptap/react'
import { Link } from '@tanstack/react-router'
import { IconArrowRight } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { FRAGMENT } from './fragment.ts'
import { useOpenDocument } from './open-document.ts'
import { CONTENT } from './schema.ts'
import './colours.css'
import styles from './on-stage.module.css'
import text from './text.module.css'
import type { RoomId } from '@plenary/kinds'
import type { OpenDocument } from './open-document.ts'

/** A document on the stage: its text as it is being written, and the way to it. */
export function DocumentOnStage({ room, title }: { room: RoomId; title: string }) {
  const { open } = useOpenDocument(useEventRoot(), room)
  const { event } = useEventNow()
  return (
    <section className={styles.sheet} aria-label={title}>
      <div className={styles.head}>
        <h3>{title}</h3>
        <Link to="/e/$code/d/$room" params={{ code: event.code, room }} className={styles.way}>
          Open
          <IconArrowRight size={18} aria-hidden="true" />
        </Link>
      </div>
      {open === null ? <p aria-busy="true">Opening the text…</p> : <Text open={open} />}
    </section>
  )
}

function Text({ open }: { open: OpenDocument }) {
  const extensions = useMemo(
    () => [...CONTENT, Collaboration.configure({ document: open.doc, field: FRAGMENT })],
    [open],
  )
  const editor = useEditor({ extensions, editable: false, textDirection: 'auto', shouldRerenderOnTransaction: false }, [
    extensions,
  ])
  return (
    <div className={`${text.text} ${styles.text}`}>
      <EditorContent editor={editor} />
    </div>
  )
}
