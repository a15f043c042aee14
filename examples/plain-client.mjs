// A guest without the SDK, as docs/SPEC.md has it: node examples/plain-client.mjs http://localhost:3000 CODE name
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { io } from 'socket.io-client'

const [url, code, name] = process.argv.slice(2)
const headers = { 'content-type': 'application/json' }
const answer = await fetch(`${url}/api/join`, { method: 'POST', headers, body: JSON.stringify({ code, name }) })
const { ticket, event, gateway, message } = await answer.json()
if (!answer.ok) throw new Error(message)
const room = event.rooms.find(({ kind }) => kind === 'chat').id
let cursor // where we stand in the room's log; it outlives every connection

function take(entries, through) {
  for (const { seq, by, type, body } of entries) if (seq > cursor.seq) console.log(seq, by?.name, type, body)
  cursor.seq = Math.max(cursor.seq, through)
}
async function connect() {
  const socket = io(new URL(gateway, url).href, { auth: { ticket }, transports: ['websocket'], forceNew: true })
  const enter = (joined) => {
    if (!joined.ok) throw new Error(joined.message)
    if (joined.entries) take(joined.entries, joined.cursor.seq)
    else cursor = joined.cursor // the first time, or a reset: joined.view is the room as it is now
  }
  const join = () => new Promise((done) => socket.emit('join', { room, cursor }, (joined) => done(enter(joined))))
  await join()
  socket.on('batch', ({ after, through, entries }) => (after > cursor.seq ? join() : take(entries, through)))
  return socket
}

const first = await connect()
const post = { room, id: randomUUID(), type: 'post', body: { text: `Hello from ${name}` } }
console.log(`In "${event.title}" at ${cursor.seq}. Saved:`, await first.emitWithAck('send', post))
await sleep(3000)
first.close()
console.log(`Away from ${cursor.seq} on. Three seconds later, what was missed:`)
await sleep(3000)
const second = await connect()
console.log(`Up to date at ${cursor.seq}.`)
second.close()
