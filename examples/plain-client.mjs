// A guest without the SDK: fetch and bare socket.io-client, speaking the wire protocol of docs/SPEC.md.
// node examples/plain-client.mjs http://localhost:3000 CODE name
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { io } from 'socket.io-client'

const [url, code, name] = process.argv.slice(2)
const request = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ code, name }),
}
const { ticket, event, gateway, message } = await (await fetch(`${url}/api/join`, request)).json()
if (!ticket) throw new Error(message)
const room = event.rooms.find(({ kind }) => kind === 'chat').id
const { origin, pathname } = new URL(gateway, url)
const options = {
  path: `${pathname.replace(/\/$/, '')}/socket.io/`,
  auth: { ticket },
  transports: ['websocket'],
  forceNew: true,
}
let cursor // where we stand in the room's log; outlives every connection

function take(entries, through) {
  for (const { seq, by, type, body } of entries) if (seq > cursor.seq) console.log(seq, by?.name, type, body)
  cursor.seq = Math.max(cursor.seq, through)
}
async function connect() {
  const socket = io(origin, options)
  const join = (done) =>
    socket.emit('join', { room, cursor }, (joined) => {
      if (joined.entries) take(joined.entries, joined.cursor.seq)
      else if (joined.ok) cursor = joined.cursor // a first join, or a reset: `joined.view` is the room as it is now
      done?.(joined)
    })
  socket.on('batch', ({ after, through, entries }) => (after > cursor.seq ? join() : take(entries, through)))
  console.log('Joined:', (await new Promise(join)).ok, 'at', cursor.seq)
  return socket
}

const first = await connect()
console.log(
  'Saved:',
  await first.emitWithAck('send', { room, id: randomUUID(), type: 'post', body: { text: `Hello from ${name}` } }),
)
first.close()
await sleep(3000) // whatever is said meanwhile is missed, and told on coming back
const second = await connect()
second.close()
