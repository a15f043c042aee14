import { useClient } from '../shell/client-provider.tsx'
import { useSpeech } from '../shell/announcer.tsx'
import { failureText } from '../shell/failure-text.ts'
import { changePerson } from '../settings/event-calls.ts'
import { useEventRoot } from '../event/session-context.ts'
import { useUndoing } from './undoing.tsx'
import type { UserId } from '@plenary/kinds'

/** Someone as the rooms name them. */
interface Somebody {
  id: UserId
  name: string
}

/** Bans from the whole event; the stage's log says who did it. Can be taken back for ten seconds, and later in the settings. */
export function useBan(): (who: Somebody) => void {
  const client = useClient()
  const session = useEventRoot()
  const { act } = useUndoing()
  const { toast } = useSpeech()
  return ({ id: user, name }) => {
    const set = async (on: boolean) => {
      await changePerson(client, session.event.id, { user, name, banned: on })
    }
    const run = set(true)
    run.catch((error: unknown) => toast(failureText(error)))
    act(run, { done: `Banned ${name}`, back: () => set(false) })
  }
}
