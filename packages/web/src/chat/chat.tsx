import { chatTimeline } from '@plenary/client'
import { useRoom, useTyping } from '@plenary/client/react'
import { Suspense, lazy, useCallback, useEffect, useMemo, useState } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import { useRefusals } from '../shell/use-refusals.ts'
import { pendingPosts } from './chat-room.ts'
import { Composer } from './composer.tsx'
import { ChatEmpty, ChatLoading, ChatRefused } from './chat-states.tsx'
import { overlaysOf } from './overlay.ts'
import { PinnedBanner } from './pinned-banner.tsx'
import { usePosting } from './posting.ts'
import { buildRows } from './rows.ts'
import { Timeline } from './timeline.tsx'
import { TypingLine } from './typing-line.tsx'
import { useNewMessages } from './new-messages.ts'
import styles from './chat.module.css'
import type { ActionId } from './actions.ts'
import type { ChatRoom, Me, Message } from './chat-room.ts'
import type { Intent } from './intent.ts'

const MessageMenu = lazy(() =>
  import('./message-menu.tsx').then(({ MessageMenu: component }) => ({ default: component })),
)

const MINUTE_MS = 60_000
const POST: Intent = { kind: 'post' }
const NOBODY_HELD: readonly never[] = []
const KEPT = ['post']

/** The conversation and the field to take part in it. */
export function Chat({ room, me }: { room: ChatRoom; me: Me }) {
  const snapshot = useRoom(room)
  const typists = useTyping(room)
  const { toast } = useSpeech()
  const [intent, setIntent] = useState<Intent>(POST)
  const [menu, setMenu] = useState<{ message: Message; from: HTMLElement } | null>(null)
  const { view, mine, pending, history, presence } = snapshot

  useRefusals(room, pending, KEPT)
  useNewMessages(room, me)
  const messages = useMemo(() => chatTimeline({ view, history }), [view, history])
  const posts = useMemo(() => pendingPosts(pending), [pending])
  const overlays = useMemo(() => overlaysOf(pending), [pending])
  const rows = useMemo(
    () => buildRows(messages, mine?.held ?? NOBODY_HELD, posts, me.id),
    [messages, mine?.held, posts, me.id],
  )
  const names = useMemo(() => {
    const known = new Map<string, string>()
    for (const { by } of messages) known.set(by.id, by.name)
    for (const member of presence.members) known.set(member.id, member.name)
    return known.set(me.id, me.name)
  }, [messages, presence.members, me])
  const candidates = useMemo(
    () => [...names].filter(([id]) => id !== me.id).map(([id, name]) => ({ id, name })),
    [names, me.id],
  )
  const posting = usePosting(view, mine, me, pending.length)

  // What is being answered or edited can go while one writes.
  const aboutSeq = intent.kind === 'reply' ? intent.to.seq : intent.kind === 'edit' ? intent.message.seq : null
  const aboutGone = aboutSeq !== null && messages.some(({ seq, removed }) => seq === aboutSeq && removed)
  const intentNow = aboutGone ? POST : intent
  useEffect(() => {
    if (aboutGone) toast('That message was removed.')
  }, [aboutGone, toast])

  const react = useCallback(
    (message: Message, emoji: string, on: boolean) => void room.send('react', { target: message.seq, emoji, on }),
    [room],
  )
  const openMenu = useCallback((message: Message, from: HTMLElement) => setMenu({ message, from }), [])
  const retry = useCallback((id: string) => room.retry(id as Parameters<ChatRoom['retry']>[0]), [room])
  const discard = useCallback((id: string) => room.discard(id as Parameters<ChatRoom['discard']>[0]), [room])
  const loadOlder = useCallback(() => room.loadOlder(), [room])
  const closeMenu = useCallback(() => {
    setMenu((open) => {
      // Back to where the keyboard was; a new intent has taken the focus to the field already.
      if (open?.from.isConnected) open.from.closest('article')?.focus({ preventScroll: true })
      return null
    })
  }, [])

  const act = (id: ActionId, message: Message) => {
    const target = message.seq
    const { id: user, name } = message.by
    const mute = (forMs?: number) =>
      void room.send('mute', { user, name, on: true, ...(forMs === undefined ? {} : { forMs }) })
    switch (id) {
      case 'reply':
        return setIntent({ kind: 'reply', to: message })
      case 'edit':
        return setIntent({ kind: 'edit', message })
      case 'copy':
        return void navigator.clipboard.writeText(message.text).then(
          () => toast('Copied.'),
          () => toast('This browser does not allow copying.'),
        )
      case 'delete':
      case 'restore':
        return void room.send(id, { target })
      case 'pin':
      case 'unpin':
        return void room.send('pin', { target, on: id === 'pin' })
      case 'mute-5m':
        return mute(5 * MINUTE_MS)
      case 'mute-1h':
        return mute(60 * MINUTE_MS)
      case 'mute':
        return mute()
      case 'unmute':
        return void room.send('mute', { user, name, on: false })
      case 'ban':
      case 'unban':
        return void room.send('ban', { user, name, on: id === 'ban' })
    }
  }

  if (snapshot.state === 'refused') return <ChatRefused failure={snapshot.failure} />
  const editLast = () => {
    const last = view?.messages.findLast(({ by, removed }) => by.id === me.id && !removed)
    if (last) setIntent({ kind: 'edit', message: last })
  }
  return (
    <section className={styles.chat} aria-label="Chat">
      {view ? <PinnedBanner pins={view.pins} /> : null}
      {view === null && rows.length === 0 ? (
        <ChatLoading />
      ) : view !== null && rows.length === 0 && !history.loading ? (
        <ChatEmpty />
      ) : (
        <Timeline
          rows={rows}
          me={me}
          view={view}
          mine={mine}
          overlays={overlays}
          names={names}
          history={history}
          loadOlder={loadOlder}
          onMenu={openMenu}
          onReact={react}
          onRetry={retry}
          onDiscard={discard}
        />
      )}
      <TypingLine names={typists.map(({ name }) => name)} />
      <Composer
        room={room}
        intent={intentNow}
        barred={posting.barred}
        hint={posting.hint}
        candidates={candidates}
        onIntent={setIntent}
        onEditLast={editLast}
        onPost={(text, mentions, replyTo) =>
          void room.send('post', {
            text,
            ...(mentions.length > 0 ? { mentions: mentions } : {}),
            ...(replyTo === undefined ? {} : { replyTo }),
          })
        }
        onEdit={(message, text) => void room.send('edit', { target: message.seq, text })}
      />
      {menu && view ? (
        <Suspense fallback={null}>
          <MessageMenu
            message={messages.find(({ seq }) => seq === menu.message.seq) ?? menu.message}
            from={menu.from}
            view={view}
            me={me}
            reacted={mine?.reacted[menu.message.seq] ?? []}
            onAct={act}
            onReact={react}
            onClose={closeMenu}
          />
        </Suspense>
      ) : null}
    </section>
  )
}
