import { Button, Loader, Modal, TextInput } from '@mantine/core'
import { IconArrowBackUp, IconBookmark } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useEventRoot } from '../../event/session-context.ts'
import { useSpeech } from '../../shell/announcer.tsx'
import { failureText } from '../../shell/failure-text.ts'
import { InlineFailure } from '../../shell/inline-failure.tsx'
import { FRAGMENT } from '../fragment.ts'
import { usePast } from './load-past.ts'
import { StaticText } from './static-text.tsx'
import { whenText } from '../when-text.ts'
import styles from './history.module.css'
import text from '../text.module.css'
import type { DocumentView } from '@plenary/kinds/document'
import type { OpenDocument } from '../open-document.ts'
import type { Moment, Past } from './past.ts'

interface HistoryProps {
  open: OpenDocument
  view: DocumentView
  mayEdit: boolean
  onClose(): void
}

/** The past of a document: any moment of it to read, to compare and to bring back. */
export function HistoryPage({ open, view, mayEdit, onClose }: HistoryProps) {
  const session = useEventRoot()
  const [until, setUntil] = useState<number | null>(null)
  const now = usePast(session, open, view.versions, until)
  return (
    <Modal.Root
      opened
      onClose={onClose}
      fullScreen
      size="100%"
      xOffset={0}
      yOffset={0}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content className={styles.page ?? ''} aria-label="History">
        <div className={styles.head}>
          <Modal.Title>History</Modal.Title>
          <Modal.CloseButton />
        </div>
        {now.step === 'loading' ? (
          <div className={styles.state} role="status">
            <Loader size="sm" aria-hidden="true" />
            <p>Reading the past…</p>
          </div>
        ) : null}
        {now.step === 'failed' ? (
          <div className={styles.state}>
            <InlineFailure error={now.error} />
          </div>
        ) : null}
        {now.step === 'there' ? (
          <Moments
            past={now.past}
            isNewest={until === null}
            open={open}
            view={view}
            mayEdit={mayEdit}
            onClose={onClose}
            onEarlier={now.since === 0 ? null : () => setUntil(now.since)}
            onNewest={until === null ? null : () => setUntil(null)}
          />
        ) : null}
      </Modal.Content>
    </Modal.Root>
  )
}

const NONE = 'none'
const BEGINNING = 'beginning'
const BEFORE = 'before'

interface MomentsProps extends HistoryProps {
  past: Past
  isNewest: boolean
  /** Null where there is nothing before, or nothing after. */
  onEarlier: (() => void) | null
  onNewest: (() => void) | null
}

function Moments({ past, isNewest, open, view, mayEdit, onClose, onEarlier, onNewest }: MomentsProps) {
  const { moments } = past
  const { toast } = useSpeech()
  const [at, setAt] = useState(moments.length - 1)
  const [since, setSince] = useState(BEFORE)
  const [busy, setBusy] = useState(false)
  const moment = moments[at]
  const named = useMemo(
    () => view.versions.flatMap((version) => (moments.some(({ seq }) => seq === version.seq) ? [version] : [])),
    [view.versions, moments],
  )
  const nameOf = (one: Moment) =>
    named.find(({ seq }) => seq === one.seq)?.name ?? (one.what === 'named' ? null : one.name)
  const compared =
    since === NONE ? null : since === BEGINNING ? 0 : since === BEFORE ? (moments[at - 1]?.seq ?? 0) : Number(since)
  const shown = useMemo(
    () =>
      moment === undefined
        ? []
        : past.shown(Math.max(moment.seq, compared ?? 0), compared === null ? null : Math.min(moment.seq, compared)),
    [past, moment, compared],
  )
  if (moment === undefined)
    return (
      <div className={styles.state}>
        <p>Nothing has been written yet. Once something is, all of its past can be read here.</p>
      </div>
    )
  const restore = async () => {
    setBusy(true)
    const then = past.documentAt(moment.seq)
    try {
      await open.provider.restore(then, { fragment: FRAGMENT, from: moment.seq, name: nameOf(moment) })
      toast('The earlier text is back. Nothing is lost: what was there is in the history too.')
      onClose()
    } catch (error) {
      toast(failureText(error))
    } finally {
      then.destroy()
      setBusy(false)
    }
  }
  return (
    <div className={styles.columns}>
      <div className={styles.reading}>
        <div className={styles.time}>
          <label htmlFor="moment">
            {whenText(moment.at)} · {moment.by}
            {nameOf(moment) === null ? '' : ` · ${nameOf(moment)}`}
          </label>
          <input
            id="moment"
            type="range"
            min={0}
            max={moments.length - 1}
            value={at}
            aria-valuetext={`${whenText(moment.at)}, ${moment.by}`}
            onChange={(event) => setAt(Number(event.currentTarget.value))}
          />
          <div className={styles.acts}>
            <label>
              Compare with{' '}
              <select value={since} onChange={(event) => setSince(event.currentTarget.value)}>
                <option value={NONE}>nothing</option>
                <option value={BEFORE}>the moment before</option>
                <option value={BEGINNING}>the beginning</option>
                {named.map((version) => (
                  <option key={version.id} value={version.seq}>
                    {version.name}
                  </option>
                ))}
              </select>
            </label>
            {mayEdit && !(isNewest && at === moments.length - 1) ? (
              <Button
                size="sm"
                variant="light"
                loading={busy}
                leftSection={<IconArrowBackUp size={18} />}
                onClick={() => void restore()}
              >
                Restore this text
              </Button>
            ) : null}
          </div>
        </div>
        <div
          className={`${text.text} ${text.static} ${styles.sheet}`}
          data-testid="past-text"
          role="region"
          aria-label="The text at this moment"
        >
          <StaticText shown={shown} />
        </div>
      </div>
      <div className={styles.list}>
        {mayEdit ? <NameVersion open={open} /> : null}
        {onNewest === null ? null : (
          <Button size="sm" variant="light" onClick={onNewest}>
            Back to the newest
          </Button>
        )}
        <ol aria-label="Moments" reversed>
          {moments
            .map((one, index) => ({ one, index }))
            .toReversed()
            .map(({ one, index }) => (
              <li key={one.seq}>
                <button type="button" aria-current={index === at} onClick={() => setAt(index)}>
                  {nameOf(one) === null ? null : <strong>{nameOf(one)}</strong>}
                  <span>{whenText(one.at)}</span>
                  <span>
                    {one.what === 'restored' ? 'Brought back by ' : one.what === 'named' ? 'Named by ' : ''}
                    {one.by}
                  </span>
                </button>
              </li>
            ))}
        </ol>
        {onEarlier === null ? null : (
          <Button size="sm" variant="light" onClick={onEarlier}>
            Read what was before
          </Button>
        )}
      </div>
    </div>
  )
}

/** Gives the present text a name, to be found again by. */
function NameVersion({ open }: { open: OpenDocument }) {
  const { toast } = useSpeech()
  const [name, setName] = useState('')
  const keep = async () => {
    try {
      await open.provider.saved()
      await open.room.send('version', { name: name.trim() })
      toast(`“${name.trim()}” is kept. It is in the list from the next time you open the history.`)
      setName('')
    } catch (error) {
      toast(failureText(error))
    }
  }
  return (
    <form
      className={styles.naming}
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') void keep()
      }}
    >
      <TextInput
        label="Name the text as it is now"
        placeholder="First draft"
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="sm"
        variant="light"
        disabled={name.trim() === ''}
        leftSection={<IconBookmark size={18} />}
      >
        Keep this version
      </Button>
    </form>
  )
}
