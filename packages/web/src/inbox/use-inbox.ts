import { PlenaryError, type api } from '@plenary/kinds'
import { inbox } from '@plenary/kinds/client'
import { useEffect, useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import type { Client, Room, Session } from '@plenary/client'

export type InboxRoom = Room<typeof inbox>

/** How far this page has come to the account's inbox. `none`: a guest, or nobody yet. */
export type InboxState =
  | { at: 'looking' }
  | { at: 'none' }
  | { at: 'open'; room: InboxRoom; session: Session }
  | { at: 'failed'; error: unknown }

async function open(client: Client): Promise<InboxState> {
  if (client.pass() === null) return { at: 'none' }
  try {
    const { event, room } = await client.http.get<api.InboxAnswer>('/api/inbox')
    const session = await client.open(event)
    return { at: 'open', room: session.room(inbox, room), session }
  } catch (error) {
    const guest = error instanceof PlenaryError && (error.code === 'forbidden' || error.code === 'unauthorized')
    return guest ? { at: 'none' } : { at: 'failed', error }
  }
}

/** The account's inbox, for as long as the calling component is there. */
export function useInbox(): InboxState {
  const client = useClient()
  const [state, setState] = useState<InboxState>({ at: 'looking' })
  useEffect(() => {
    let gone = false
    let session: Session | null = null
    void open(client).then((opened) => {
      if (opened.at === 'open') session = opened.session
      if (gone) session?.close()
      else setState(opened)
    })
    return () => {
      gone = true
      session?.close()
    }
  }, [client])
  return state
}
