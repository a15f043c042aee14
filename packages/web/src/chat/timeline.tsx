import { IconArrowDown } from '@tabler/icons-react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Virtualizer } from 'virtua'
import { failureText } from '../shell/failure-text.ts'
import { useNow } from '../shell/now.ts'
import { moveFocus } from './move-focus.ts'
import { RowView } from './row-view.tsx'
import { useStick } from './stick.ts'
import styles from './timeline.module.css'
import type { VirtualizerHandle } from 'virtua'
import type { ChatMine, ChatView, Me, Message } from './chat-room.ts'
import type { Mentioned } from './segments.ts'
import type { Overlay } from './overlay.ts'
import type { Row } from './rows.ts'

interface TimelineProps {
  rows: readonly Row[]
  me: Me
  view: ChatView | null
  mine: ChatMine | null
  overlays: ReadonlyMap<number, Overlay>
  /** Names by user id, for marking mentions. */
  names: ReadonlyMap<string, string>
  history: { more: boolean; loading: boolean; pages: readonly unknown[] }
  /** Throws `PlenaryError`. */
  loadOlder(): Promise<void>
  onMenu(message: Message, from: HTMLElement): void
  onReact(message: Message, emoji: string, on: boolean): void
  onRetry(id: string): void
  onDiscard(id: string): void
}

const HOUR_MS = 3_600_000

/** The conversation. Only what is in sight is in the page, however long it gets. */
export function Timeline(props: TimelineProps) {
  const { rows, me, view, mine, overlays, names, history, loadOlder, onMenu, onReact } = props
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const [failed, setFailed] = useState<unknown>(null)
  const [focused, setFocused] = useState<number | null>(null)
  const now = useNow(HOUR_MS)

  const { more, loading } = history
  const older = useCallback(() => {
    if (more && !loading) loadOlder().then(undefined, setFailed)
  }, [more, loading, loadOlder])
  const olderUnlessFailed = useCallback(() => {
    if (failed === null) older()
  }, [failed, older])
  const again = () => {
    setFailed(null)
    older()
  }
  const stick = useStick(list, rows, me.id, olderUnlessFailed)

  const recentFrom = view?.messages[0]?.seq ?? Number.POSITIVE_INFINITY
  // Away from the end of a full view, what rolls out of it must stay: history keeps it.
  const rolls = !stick.atEnd && history.pages.length === 0 && (view?.messages.length ?? 0) >= 90
  useEffect(() => {
    if (rolls) olderUnlessFailed()
  }, [rolls, olderUnlessFailed])

  // The keyboard of a phone takes room from the list: its end must not slip under it.
  const { settle } = stick
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(settle)
    observer.observe(element)
    return () => observer.disconnect()
  }, [settle])

  const mentioned = useCallback(
    (message: Message) => {
      if (message.mentions.length === 0) return ''
      return JSON.stringify(
        message.mentions.map((id): Mentioned => ({ name: names.get(id) ?? '', mine: id === me.id })),
      )
    },
    [names, me.id],
  )
  // Through a ref, so that a new message does not give every row a new function.
  const present = useRef(rows)
  useLayoutEffect(() => {
    present.current = rows
  }, [rows])
  const goTo = useCallback((seq: number) => {
    const index = present.current.findIndex((row) => row.kind === 'message' && row.message.seq === seq)
    if (index >= 0) list.current?.scrollToIndex(index, { align: 'center' })
  }, [])

  return (
    <div className={styles.frame}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- what scrolls must take the keyboard, and its arrows go by message */}
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-label="Messages"
        // New messages are announced in one place; a list that scrolls would repeat old ones.
        aria-live="off"
        aria-describedby="messages-keys"
        tabIndex={0}
        onKeyDown={moveFocus}
        onFocus={(event) => {
          const index = event.target.closest('[data-index]')?.getAttribute('data-index')
          setFocused(index == null ? null : Number(index))
        }}
      >
        <div className={styles.top}>
          {history.loading ? <span>Loading older messages…</span> : null}
          {failed === null || history.loading ? null : (
            <button type="button" className={styles.again} onClick={again}>
              {failureText(failed)} Load again
            </button>
          )}
        </div>
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          startMargin={TOP_PX}
          shift={stick.shift}
          keepMounted={focused !== null && focused < rows.length ? [focused] : NOTHING}
          onScroll={stick.onScroll}
        >
          {rows.map((row, index) => (
            <div key={row.key} data-index={index} className={styles.row}>
              <RowView
                row={row}
                now={now}
                me={me}
                mine={mine}
                overlays={overlays}
                recentFrom={recentFrom}
                mentioned={mentioned}
                onMenu={onMenu}
                onReact={onReact}
                onQuote={goTo}
                onRetry={props.onRetry}
                onDiscard={props.onDiscard}
              />
            </div>
          ))}
        </Virtualizer>
      </div>
      <p id="messages-keys" hidden>
        Arrow keys move between messages, Enter opens a message’s actions.
      </p>
      {stick.atEnd ? null : (
        <button type="button" className={styles.pill} data-new={stick.unseen > 0 || undefined} onClick={stick.toEnd}>
          <IconArrowDown size={18} aria-hidden="true" />
          {stick.unseen === 0 ? 'To the newest' : stick.unseen === 1 ? '1 new message' : `${stick.unseen} new messages`}
        </button>
      )}
    </div>
  )
}

/** Height of the line above the list, in pixels; the list must know it. */
const TOP_PX = 44
const NOTHING: readonly number[] = []
