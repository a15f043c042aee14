import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, memoryStorage, type Client, type Session } from '../../packages/client/src/index.ts'
import { PlenaryProvider } from '../../packages/client/src/yjs/index.ts'
import type { EventId, Role, RoomId, api } from '@plenary/kinds'
import { document } from '@plenary/kinds/document'
import { configFrom, startServer } from '../../packages/server/src/index.ts'
import { pino } from 'pino'
import * as Y from 'yjs'

/** A server with one document, for as long as a test takes. */
export interface Stage extends AsyncDisposable {
  url: string
  event: { id: EventId; code: string }
  room: RoomId
  /** Whose event it is. */
  owner: Client
  /** The same, in it. */
  lead: Session
  /** Somebody who joins, with this name, by an invitation of this role if there is one. */
  join(name: string, role?: Role): Promise<{ client: Client; session: Session }>
  /** A ticket for somebody of this name who comes with an editor that is not ours; of another event by its code. */
  ticketOf(name: string, code?: string): Promise<string>
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-documents-'))
  const config = configFrom({ data: folder, port: '0', host: '127.0.0.1' })
  const settings = { roles: { attendee: 'edit' } }
  const server = await startServer(config, {
    logger: pino({ level: 'silent' }),
    rooms: [{ kind: 'document', title: 'Notes', settings }],
  })
  const owner = createClient({ url: server.url, storage: memoryStorage() })
  const { event } = await owner.createEvent({ title: 'An evening' })
  const [{ id: room } = { id: '' as RoomId }] = event.rooms
  const lead = await owner.open(event.id)
  const sessions: Session[] = [lead]
  const invitation = async (role: Role) => {
    const path = `/api/events/${event.id}/invitations/${role}`
    const made = await owner.http.put<{ invitation: { code: string } }>(path, { on: true })
    return made.invitation.code
  }
  return {
    url: server.url,
    event,
    room,
    owner,
    lead,
    async join(name, role) {
      const client = createClient({ url: server.url, storage: memoryStorage() })
      const code = role === undefined ? event.code : await invitation(role)
      const session = await client.join({ code, name })
      sessions.push(session)
      return { client, session }
    },
    async ticketOf(name, code = event.code) {
      const answer = await fetch(new URL('/api/join', server.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, name }),
      })
      return ((await answer.json()) as api.JoinEventAnswer).ticket
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.close()
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** The document as an editor has it open. */
export function open(session: Session, room: RoomId) {
  const doc = new Y.Doc()
  const provider = new PlenaryProvider(session.room(document, room), doc)
  const text = doc.getText('text')
  return {
    doc,
    provider,
    text,
    room: session.room(document, room),
    [Symbol.dispose]() {
      provider.destroy()
      doc.destroy()
    },
  }
}
