import { useRoom } from '@plenary/client/react'
import { audienceOf, promptOf } from '@plenary/kinds'
import { useEffect } from 'react'
import { useEventNow } from '../event/session-context.ts'
import { useActRefusals } from '../control/refusals.ts'
import type { Prompt } from '@plenary/kinds'
import type { StageRoom } from '../control/rooms.ts'

interface Prompted {
  /** Null until the stage has answered. */
  prompt: Prompt | null
  state: 'joining' | 'live' | 'refused'
  failure: string | undefined
}

/** A speaker stands by while this is shown, and is told what concerns them; those who run the event see it all as it is. */
export function usePrompt(room: StageRoom): Prompted {
  const { me } = useEventNow()
  const { view, mine, state, failure } = useRoom(room)
  useActRefusals(room)
  const speaker = audienceOf(me.role) !== 'staff'
  const live = state === 'live'
  useEffect(() => {
    if (!speaker || !live) return
    const stand = (on: boolean) => void room.send('standby', { on }).catch(() => undefined)
    const leave = () => stand(false)
    stand(true)
    // A page that is closed ends no effects.
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [room, speaker, live])
  const prompt = speaker ? (mine?.prompt ?? null) : view?.staff ? promptOf(view.staff, me.id) : null
  return { prompt, state, failure: failure?.message }
}
