import { useRoomPart, useSession } from '@plenary/client/react'
import { votesOf } from '@plenary/kinds'
import { questions, stage } from '@plenary/kinds/client'
import { useMemo } from 'react'
import { useKindRoom } from '../event/use-kind-room.ts'
import { Burst } from '../stage/burst.tsx'
import { Countdown } from '../stage/countdown.tsx'
import { LowerThird } from '../stage/lower-third.tsx'
import { reactionsOf } from '../stage/reactions.ts'
import { OverlayJoin } from './overlay-join.tsx'
import { OverlayPollNow } from './overlay-poll-now.tsx'
import { OverlayQuestion } from './overlay-question.tsx'
import { OverlayStage } from './overlay-stage.tsx'
import styles from './overlay.module.css'
import type { Session } from '@plenary/client'
import type { QuestionsDigest } from '@plenary/kinds'
import type { ReactNode } from 'react'
import type { OverlayId } from './overlays.ts'

/** Where each stands on the screen. */
const AT: Record<OverlayId, 'below' | 'corner' | 'middle' | 'all'> = {
  question: 'below',
  poll: 'middle',
  countdown: 'middle',
  caption: 'below',
  reactions: 'all',
  join: 'corner',
  stage: 'all',
}

/** One overlay, live. Once its key is revoked, it shows nothing. */
export function OverlayPicture({ what, session }: { what: OverlayId; session: Session }) {
  const { status } = useSession(session)
  return (
    <main className={styles.overlay} data-at={AT[what]} data-overlay={what} aria-label="Overlay">
      <h1 className={styles.hidden}>{session.event.title}</h1>
      {status.connection === 'revoked' ? null : pictureOf(what, session)}
    </main>
  )
}

function pictureOf(what: OverlayId, session: Session): ReactNode {
  switch (what) {
    case 'question':
      return <QuestionNow session={session} />
    case 'poll':
      return <OverlayPollNow session={session} />
    case 'countdown':
      return <CountdownNow session={session} />
    case 'caption':
      return <CaptionNow session={session} />
    case 'reactions':
      return <ReactionsNow session={session} />
    case 'join':
      return <OverlayJoin origin={location.origin} code={session.event.code} />
    case 'stage':
      return <OverlayStage session={session} />
  }
}

function ReactionsNow({ session }: { session: Session }) {
  const room = useKindRoom(session, stage)
  const onReactions = useMemo(() => (room === null ? null : reactionsOf(room)), [room])
  return onReactions === null ? null : <Burst onReactions={onReactions} />
}

/** The one being answered; else the one that was pinned last. */
function QuestionNow({ session }: { session: Session }) {
  const room = useKindRoom(session, questions)
  const view = useRoomPart(room, (snapshot) => snapshot.view)
  const digest = useRoomPart(room, (snapshot) => snapshot.digest) as QuestionsDigest | null
  if (view === null) return null
  const pinned = view.questions
    .filter((question) => question.pinned !== undefined && question.status === 'open')
    .toSorted((a, b) => (b.pinned ?? 0) - (a.pinned ?? 0))
  const question = view.questions.find(({ status }) => status === 'live') ?? pinned[0]
  return question === undefined ? null : <OverlayQuestion question={question} votes={votesOf(question, view, digest)} />
}

function CountdownNow({ session }: { session: Session }) {
  const show = useRoomPart(useKindRoom(session, stage), ({ view }) => view?.show ?? null)
  if (show === null || show.until === null) return null
  const { scene } = show
  const welcome = scene.layout === 'welcome'
  return (
    <section className={styles.countdown} aria-label="Countdown">
      <h2 dir="auto">{scene.text ?? (welcome ? session.event.title : 'Break')}</h2>
      <Countdown until={show.until} clock={session.now} over={welcome ? 'Any moment now' : 'Back any moment'} />
    </section>
  )
}

function CaptionNow({ session }: { session: Session }) {
  const caption = useRoomPart(useKindRoom(session, stage), ({ view }) =>
    view === null || view.hold !== null ? null : view.lowerThird,
  )
  return caption === null ? null : (
    <div key={`${caption.title}\n${caption.detail ?? ''}`} className={styles.caption}>
      <LowerThird caption={caption} />
    </div>
  )
}
