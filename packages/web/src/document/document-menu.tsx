import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconDots,
  IconFileImport,
  IconFileText,
  IconFileTypeDocx,
  IconHtml,
  IconMarkdown,
  IconPrinter,
  IconShare,
} from '@tabler/icons-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { failureText } from '../shell/failure-text.ts'
import { LossList } from './loss-list.tsx'
import { takeWaiting } from './waiting-import.ts'
import styles from './share/share.module.css'
import type { Editor } from '@tiptap/core'
import type { Piece } from './convert/piece.ts'
import type { Loss } from './convert/losses.ts'

interface DocumentMenuProps {
  editor: Editor
  title: string
  mayEdit: boolean
  /** The text of the server is here. */
  ready: boolean
  upload(file: File): Promise<string>
  onShare?(): void
}

/** Out into files and in from them, and the text on paper. */
export function DocumentMenu({ editor, title, mayEdit, ready, upload, onShare }: DocumentMenuProps) {
  const { toast } = useSpeech()
  const [waiting, setWaiting] = useState<{ name: string; doc: Piece; losses: Loss[] } | null>(null)
  const [losses, setLosses] = useState<{ name: string; losses: Loss[] } | null>(null)
  const told = (work: Promise<void>) =>
    void work.catch((error: unknown) =>
      toast(error instanceof Error && error.name === 'ImportRefused' ? error.message : failureText(error)),
    )
  const save = async (format: 'md' | 'html' | 'docx') => {
    const { exportFile } = await import('./export-file.ts')
    await exportFile(editor.getJSON() as Piece, title, format)
  }
  const put = async (name: string, doc: Piece, lost: Loss[], how: 'replace' | 'append') => {
    const { insertDocument } = await import('./import-file.ts')
    await insertDocument(editor, doc, how, upload)
    setWaiting(null)
    if (lost.length === 0) toast(`“${name}” was imported, and nothing was lost.`)
    else setLosses({ name, losses: lost })
  }
  const take = async () => {
    const { chooseImport } = await import('./import-file.ts')
    const taken = await chooseImport()
    if (taken === null) return
    if (editor.isEmpty) await put(taken.name, taken.doc, taken.losses, 'replace')
    else setWaiting(taken)
  }
  const begin = useEffectEvent(() => {
    if (!ready || !mayEdit) return
    const taken = takeWaiting()
    if (taken !== null) told(put(taken.name, taken.doc, taken.losses, 'replace'))
  })
  // oxlint-disable-next-line react/set-state-in-effect -- it waits for the files' readers first
  useEffect(() => begin(), [ready])
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label="More" title="More">
            <IconDots size={22} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {onShare ? (
            <Menu.Item leftSection={<IconShare size={18} />} onClick={onShare}>
              Share
            </Menu.Item>
          ) : null}
          {mayEdit ? (
            <Menu.Item leftSection={<IconFileImport size={18} />} onClick={() => told(take())}>
              Import a file
            </Menu.Item>
          ) : null}
          <Menu.Label>Save as</Menu.Label>
          <Menu.Item leftSection={<IconFileTypeDocx size={18} />} onClick={() => told(save('docx'))}>
            Word (DOCX)
          </Menu.Item>
          <Menu.Item leftSection={<IconMarkdown size={18} />} onClick={() => told(save('md'))}>
            Markdown
          </Menu.Item>
          <Menu.Item leftSection={<IconHtml size={18} />} onClick={() => told(save('html'))}>
            HTML
          </Menu.Item>
          <Menu.Item leftSection={<IconPrinter size={18} />} onClick={() => print()}>
            PDF, or print
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {waiting ? (
        <Dialog title={`Import “${waiting.name}”`} onClose={() => setWaiting(null)}>
          <p>This document has text already. Where shall the file go?</p>
          <div className={styles.choices}>
            <Button
              leftSection={<IconFileText size={18} />}
              onClick={() => told(put(waiting.name, waiting.doc, waiting.losses, 'append'))}
            >
              At the end
            </Button>
            <Button variant="default" onClick={() => told(put(waiting.name, waiting.doc, waiting.losses, 'replace'))}>
              In place of the text
            </Button>
          </div>
          <LossList losses={waiting.losses} />
        </Dialog>
      ) : null}
      {losses ? (
        <Dialog title="What the import left out" onClose={() => setLosses(null)}>
          <LossList losses={losses.losses} />
        </Dialog>
      ) : null}
    </>
  )
}
