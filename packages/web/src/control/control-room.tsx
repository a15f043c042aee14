import { useRoom } from '@plenary/client/react'
import { chat, polls, questions, stage } from '@plenary/kinds/client'
import { useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { ConnectionBanner } from '../event/connection-banner.tsx'
import { useEventNow } from '../event/session-context.ts'
import { AuditPanel } from './audit/audit-panel.tsx'
import { ChatPanel } from './chat-panel.tsx'
import { ControlBar } from './control-bar.tsx'
import { CueEditor, type Item } from './cue-editor.tsx'
import { KeyButton } from './key-button.tsx'
import { KeySheet } from './key-sheet.tsx'
import { useKeySwitch } from './key-switch.ts'
import { OnAir } from './on-air.tsx'
import { Pane, type PanelOf } from './pane.tsx'
import { PanelState } from './panel-state.tsx'
import { askPoll, keepPoll } from './polls/ask-poll.ts'
import { PollEditor } from './polls/poll-editor.tsx'
import { PollsPanel } from './polls/polls-panel.tsx'
import { PresencePanel } from './presence/presence-panel.tsx'
import { usePresence } from './presence/use-presence.ts'
import { QuestionsPanel } from './questions-panel.tsx'
import { RehearsalBar } from '../rehearsal/rehearsal-bar.tsx'
import { RehearseButton } from '../rehearsal/rehearse-button.tsx'
import { useActRefusals } from './refusals.ts'
import { may } from './may.ts'
import { useRoomOf, type ChatRoom, type PollsRoom, type QuestionsRoom, type StageRoom } from './rooms.ts'
import { AddCueButton, Rundown } from './rundown.tsx'
import { useRoomScheme } from './scheme.ts'
import { useStageActs } from './stage-acts.ts'
import { FIELDS, Tools } from './tools.tsx'
import { Transport } from './transport.tsx'
import { useLastAct } from './undo-bar.tsx'
import { useBreadth } from './breadth.ts'
import { useKeys } from './use-keys.ts'
import styles from './control.module.css'
import type { Room } from '@plenary/client'
import type { AnyClientKind, Cue, Poll } from '@plenary/kinds'

/** The rooms of an event without a stage have nothing to run. */
export function ControlRoom() {
  const stageRoom = useRoomOf(stage)
  const chatRoom = useRoomOf(chat)
  const questionsRoom = useRoomOf(questions)
  const pollsRoom = useRoomOf(polls)
  if (stageRoom === null)
    return (
      <main className={styles.room}>
        <PanelState
          snapshot={{
            state: 'refused',
            failure: {
              ok: false,
              code: 'not_found',
              message: 'This event was made before there were rundowns, so there is nothing to run here.',
              temporary: false,
            },
          }}
        />
      </main>
    )
  return <Running stageRoom={stageRoom} chatRoom={chatRoom} questionsRoom={questionsRoom} pollsRoom={pollsRoom} />
}

interface RunningProps {
  stageRoom: StageRoom
  chatRoom: ChatRoom | null
  questionsRoom: QuestionsRoom | null
  pollsRoom: PollsRoom | null
}

function Running({ stageRoom, chatRoom, questionsRoom, pollsRoom }: RunningProps) {
  const { event, me, status } = useEventNow()
  const snapshot = useRoom(stageRoom)
  useActRefusals(stageRoom)
  const acts = useStageActs(stageRoom)
  const presence = usePresence(stageRoom)
  const [editing, setEditing] = useState<Cue | 'new' | null>(null)
  const { poll } = useSearch({ from: '/e/$code/control' })
  const [polling, setPolling] = useState<Poll | 'new' | null>(poll ? 'new' : null)
  const [sheet, setSheet] = useState(false)
  const [keysOn, switchKeys] = useKeySwitch()
  const [scheme, setScheme] = useRoomScheme()
  const breadth = useBreadth()
  const backstage = snapshot.view?.staff
  const last = useLastAct(backstage?.undo ?? null, acts.undo)
  const rooms = useMemo(
    () => [stageRoom, chatRoom, questionsRoom, pollsRoom].filter((room) => room !== null) as unknown as Room[],
    [stageRoom, chatRoom, questionsRoom, pollsRoom],
  )
  const add = () => setEditing('new')

  const panels: PanelOf[] = [
    {
      id: 'rundown',
      title: 'Rundown',
      tools: may(stage, 'add', me.role) ? <AddCueButton onAdd={add} /> : null,
      body: backstage ? (
        <Rundown room={stageRoom} backstage={backstage} role={me.role} onAdd={add} onEdit={setEditing} />
      ) : (
        <PanelState snapshot={snapshot} />
      ),
    },
    {
      id: 'air',
      title: 'On air',
      body:
        backstage && snapshot.view ? (
          <div className={styles.scrolls}>
            <OnAir view={snapshot.view} backstage={backstage} polls={pollsRoom} />
            <Tools room={stageRoom} backstage={backstage} />
          </div>
        ) : (
          <PanelState snapshot={snapshot} />
        ),
    },
    {
      id: 'chat',
      title: 'Chat',
      badge: <ChatBadge room={chatRoom} />,
      body: chatRoom ? <ChatPanel room={chatRoom} me={me} /> : <NoRoom what="chat" />,
    },
    {
      id: 'questions',
      title: 'Q&A',
      badge: <QuestionsBadge room={questionsRoom} />,
      body: questionsRoom ? <QuestionsPanel room={questionsRoom} me={me} /> : <NoRoom what="Q&A" />,
    },
    {
      id: 'polls',
      title: 'Polls',
      tools:
        pollsRoom && may(polls, 'draft', me.role) ? (
          <KeyButton does="poll" kind="quiet" onPress={() => setPolling('new')}>
            Ask a poll
          </KeyButton>
        ) : null,
      body: pollsRoom ? (
        <PollsPanel
          room={pollsRoom}
          stage={stageRoom}
          role={me.role}
          onAsk={() => setPolling('new')}
          onEdit={setPolling}
        />
      ) : (
        <NoRoom what="polls" />
      ),
    },
    { id: 'people', title: 'People', body: <PresencePanel now={presence.now} samples={presence.samples} /> },
    { id: 'audit', title: 'Log', body: <AuditPanel rooms={rooms} /> },
  ]
  const panes = PANES[breadth]
  const [shown, setShown] = useState<Record<number, string>>({})
  const openIn = (pane: number) => {
    const ids = panes[pane] ?? []
    const wanted = shown[pane]
    return wanted !== undefined && ids.includes(wanted) ? wanted : (ids[0] ?? '')
  }
  const show = (id: string) => {
    const pane = panes.findIndex((ids) => ids.includes(id))
    setShown((before) => ({ ...before, [pane]: id }))
  }
  /** At once: whoever types fast has the next letter in the field already. */
  const goTo = (panel: string, element: string) => {
    flushSync(() => show(panel))
    document.getElementById(element)?.focus()
  }
  const focusPanel = (id: string) => goTo(id, `panel-${id}`)
  const write = (field: string) => goTo('air', field)

  useKeys(
    {
      next: acts.next,
      back: acts.back,
      hold: acts.toggleHold,
      start: acts.start,
      end: acts.end,
      undo: () => last?.back(),
      add,
      poll: () => pollsRoom && setPolling('new'),
      announce: () => write(FIELDS.announce),
      lowerThird: () => write(FIELDS.lowerThird),
      message: () => write(FIELDS.message),
      keys: () => setSheet((on) => !on),
      panel: (number) => {
        const panel = panels[number - 1]
        if (panel) focusPanel(panel.id)
      },
    },
    keysOn,
  )

  return (
    <main
      className={styles.room}
      {...(scheme === 'dark' ? { 'data-mantine-color-scheme': 'dark' } : {})}
      data-breadth={breadth}
    >
      <ControlBar
        event={event}
        rehearse={
          event.form === 'event' && me.role !== 'moderator' ? (
            <RehearseButton
              event={event}
              now={() => ({
                stage: stageRoom.snapshot.view,
                chat: chatRoom?.snapshot.view ?? null,
                questions: questionsRoom?.snapshot.view ?? null,
                polls: pollsRoom?.snapshot.view ?? null,
              })}
            />
          ) : null
        }
        me={me}
        presence={presence}
        undo={last}
        scheme={scheme}
        onScheme={setScheme}
        onKeys={() => setSheet(true)}
      />
      {event.form === 'rehearsal' ? <RehearsalBar event={event} /> : null}
      <ConnectionBanner status={status} ended={event.status === 'ended'} />
      {backstage ? <Transport backstage={backstage} acts={acts} /> : null}
      <div className={styles.panes}>
        {panes.map((ids, pane) => (
          <Pane
            key={ids.join(' ')}
            panels={ids.flatMap((id) => panels.filter((panel) => panel.id === id))}
            digits={(id) => panels.findIndex((panel) => panel.id === id) + 1}
            open={openIn(pane)}
            onOpen={show}
          />
        ))}
      </div>
      {editing === null ? null : (
        <CueEditor
          cue={editing === 'new' ? null : editing}
          event={event}
          itemsOf={(layout) => (layout === 'poll' ? pollItems(pollsRoom) : NO_ITEMS)}
          save={(body) =>
            editing === 'new'
              ? stageRoom.send('add', body)
              : stageRoom.send('edit', { lowerThird: null, announcement: null, panels: null, ...body, cue: editing.id })
          }
          onClose={() => setEditing(null)}
        />
      )}
      {polling !== null && pollsRoom ? (
        <PollEditor
          poll={polling === 'new' ? null : polling}
          ask={(body) => askPoll(pollsRoom, stageRoom, body)}
          keep={(body) =>
            polling === 'new' ? keepPoll(pollsRoom, body) : pollsRoom.send('edit', { ...body, poll: polling.id })
          }
          onClose={() => setPolling(null)}
        />
      ) : null}
      {sheet ? <KeySheet on={keysOn} onSwitch={switchKeys} onClose={() => setSheet(false)} /> : null}
    </main>
  )
}

const NO_ITEMS: readonly Item[] = []

function pollItems(room: PollsRoom | null): readonly Item[] {
  const known = room?.snapshot.view?.polls ?? []
  return known.filter(({ status }) => status !== 'archived').map(({ id, title }) => ({ id, title }))
}

/** Which panels stand side by side, and which take turns in one place. */
const PANES: Record<ReturnType<typeof useBreadth>, readonly (readonly string[])[]> = {
  phone: [['rundown', 'air', 'chat', 'questions', 'polls', 'people', 'audit']],
  desk: [['rundown'], ['air'], ['chat', 'questions'], ['polls', 'people', 'audit']],
  wall: [['rundown'], ['air'], ['chat'], ['questions'], ['polls', 'people', 'audit']],
}

function NoRoom({ what }: { what: string }) {
  return (
    <PanelState
      snapshot={{
        state: 'refused',
        failure: { ok: false, code: 'not_found', message: `This event has no ${what}.`, temporary: false },
      }}
    />
  )
}

function ChatBadge({ room }: { room: ChatRoom | null }) {
  return room === null ? null : <Waiting room={room} count={(view) => view?.staff?.held.length ?? 0} />
}

function QuestionsBadge({ room }: { room: QuestionsRoom | null }) {
  return room === null ? null : <Waiting room={room} count={(view) => view?.staff?.held.length ?? 0} />
}

interface WaitingProps<K extends AnyClientKind> {
  room: Room<K>
  count(view: Room<K>['snapshot']['view']): number
}

/** How many wait to be approved. */
function Waiting<K extends AnyClientKind>({ room, count }: WaitingProps<K>) {
  const { view } = useRoom(room)
  const waiting = count(view)
  return waiting === 0 ? null : (
    <span className={styles.badge}>
      {waiting}
      <span className={styles.hidden}> waiting</span>
    </span>
  )
}
