import { tally } from '../../../packages/engine/src/testing/tally.ts'
import { configFrom, startServer } from '../../../packages/server/src/index.ts'

const CHATS = 4

/** The rooms of each event: chats, and at last one of a kind that has all audiences. */
export const ROOMS = [
  ...Array.from({ length: CHATS }, (_, at) => ({ kind: 'chat', title: `Chat ${at}` })),
  { kind: tally.name, title: 'Tally' },
]

/** As a process of its own: a server with such events, on a free port and the data folder that it is given. */
if (import.meta.main) {
  const [data = ''] = process.argv.slice(2)
  await startServer(configFrom({ host: '127.0.0.1', port: '0', data }), { kinds: [tally], rooms: ROOMS })
}
