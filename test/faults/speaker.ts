import { chat } from '@plenary/kinds'
import { createClient, memoryStorage, type Room, type Session } from '../../packages/client/src/index.ts'

/** Someone in an event's chat over the SDK. Disposing closes their connection. */
export interface Speaker extends Disposable {
  readonly session: Session
  readonly room: Room<typeof chat>
}

/** Comes in by code. Throws when there is no chat in the event. */
export async function enterChat(url: string, code: string, name: string): Promise<Speaker> {
  const session = await createClient({ url, storage: memoryStorage() }).join({ code, name })
  const info = session.event.rooms.find(({ kind }) => kind === chat.name)
  if (info === undefined) throw new Error('The event has no chat.')
  return { session, room: session.room(chat, info.id), [Symbol.dispose]: () => session.close() }
}
