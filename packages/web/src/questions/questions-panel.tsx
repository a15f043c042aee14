import { useRoom } from '@plenary/client/react'
import { audienceOf, votedFor } from '@plenary/kinds'
import { useCallback, useMemo, useState } from 'react'
import { useRefusals } from '../shell/use-refusals.ts'
import { AskForm } from './ask-form.tsx'
import { raised, sorted } from './order.ts'
import { OwnHeld, OwnPending } from './own-question.tsx'
import { QuestionCard } from './question-card.tsx'
import { QuestionList } from './question-list.tsx'
import { QuestionsEmpty, QuestionsLoading, QuestionsRefused } from './questions-states.tsx'
import { overlaysOf, pendingAsks } from './questions-room.ts'
import { SortBar } from './sort-bar.tsx'
import { useCalmOrder } from './use-calm-order.ts'
import { useVote } from './use-vote.ts'
import styles from './questions.module.css'
import type { Question, QuestionsDigest } from '@plenary/kinds'
import type { Me, QuestionsRoom } from './questions-room.ts'
import type { Sort } from './order.ts'

const KEPT = ['ask']
const NONE: readonly Question[] = []

/** Questions from the audience: to ask, to vote for, and what became of one's own. */
export function QuestionsPanel({ room, me }: { room: QuestionsRoom; me: Me }) {
  const { state, view, mine, pending, digest, failure } = useRoom(room)
  const [sort, setSort] = useState<Sort>('top')
  useRefusals(room, pending, KEPT)
  const overlays = useMemo(() => overlaysOf(pending), [pending])
  const asks = useMemo(() => pendingAsks(pending), [pending])
  const votes = useVote(room, view, digest as QuestionsDigest | null)
  const all = view?.questions ?? NONE
  const answered = useMemo(() => all.filter(({ status }) => status === 'answered').length, [all])

  const countOf = (question: Question) =>
    votes.count(question, mine !== null && votedFor(question, mine), overlays.get(question.seq)?.vote)
  const wanted = sorted(all, sort, countOf).map(({ seq }) => seq)
  const order = useCalmOrder(sort, wanted)
  const bySeq = new Map(all.map((question) => [question.seq, question]))
  const shown = raised(order.flatMap((seq) => bySeq.get(seq) ?? []))

  const takeBack = useCallback((target: number) => void room.send('delete', { target }), [room])
  const edit = useCallback((target: number, text: string) => void room.send('edit', { target, text }), [room])

  if (state === 'refused') return <QuestionsRefused failure={failure} />
  const held = sort === 'answered' ? [] : (mine?.held ?? []).filter(({ seq }) => overlays.get(seq)?.gone !== true)
  const own = sort === 'answered' ? [] : asks
  return (
    <section className={styles.panel} aria-label="Questions">
      {all.length === 0 ? null : <SortBar sort={sort} answered={answered} onSort={setSort} />}
      {view === null && own.length === 0 ? (
        <QuestionsLoading />
      ) : shown.length + held.length + own.length === 0 ? (
        <QuestionsEmpty sort={sort} closed={view?.closed === true} />
      ) : (
        <QuestionList>
          {[
            ...own.map((ask) => (
              <OwnPending
                key={ask.id}
                ask={ask}
                onRetry={() => room.retry(ask.id)}
                onDiscard={() => room.discard(ask.id)}
              />
            )),
            ...held.map((question) => (
              <OwnHeld
                key={`held ${question.seq}`}
                question={question}
                overlay={overlays.get(question.seq)}
                onEdit={edit}
                onTakeBack={takeBack}
              />
            )),
            ...shown.map((question) => {
              const overlay = overlays.get(question.seq)
              const saved = mine !== null && votedFor(question, mine)
              return (
                <QuestionCard
                  key={question.seq}
                  question={question}
                  votes={countOf(question)}
                  voted={overlay?.vote ?? saved}
                  kept={overlay?.kept === true}
                  leaving={overlay?.gone === true}
                  own={mine?.own.includes(question.seq) === true}
                  onVote={votes.vote}
                  onTakeBack={takeBack}
                />
              )
            }),
          ]}
        </QuestionList>
      )}
      <AskForm
        room={room}
        me={me}
        anonymous={view?.anonymous ?? 'off'}
        hold={view?.hold === true && audienceOf(me.role) !== 'staff'}
        closed={view?.closed === true && audienceOf(me.role) !== 'staff'}
      />
    </section>
  )
}
