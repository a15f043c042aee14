import { NOTHING, numberAt, TEXT, type Dialect, type Heard } from './dialect.ts'

const ENTRY = '42["entry",{"seq":'
const JOIN_ID = 1
const FIRST_ID = 10
/** Where an event's name begins. */
const JOINED_AT = '42["'.length

/** A Socket.IO server with an application as its tutorial writes one: join a room, say something, and have it acknowledged. */
export const socketio = (room: string): Dialect => ({
  path: '/socket.io/?EIO=4&transport=websocket',
  acknowledges: true,
  open: () => ({ say: null, entered: false }),
  hear(bytes, from, to, ticket): Heard {
    const first = (bytes[from] ?? 0) - 0x30
    if (first === 0) return { is: 'say', text: `40${JSON.stringify({ ticket })}` }
    if (first === 2) return { is: 'say', text: '3' }
    const second = (bytes[from + 1] ?? 0) - 0x30
    if (second === 2) {
      const seq = numberAt(bytes, from + ENTRY.length)
      return { is: 'delivery', after: seq - 1, through: seq }
    }
    if (second === 3) {
      const id = numberAt(bytes, from + 2)
      return id === JOIN_ID ? { is: 'entered' } : { is: 'ack', number: id - FIRST_ID, seq: id - FIRST_ID }
    }
    if (second === 0) return { is: 'say', text: `42${JOIN_ID}["join",${JSON.stringify({ room })}]` }
    return second === 4 ? { is: 'refused', why: bytes.subarray(from, to).toString() } : NOTHING
  },
  ask: (number) => `42${number + FIRST_ID}["post",${JSON.stringify({ seq: number, room, text: TEXT })}]`,
})

/** The same with an application that is told the room with the handshake, joins it there and then, and says so. */
export const socketioAtOnce = (room: string): Dialect => {
  const asked = socketio(room)
  return {
    ...asked,
    hear(bytes, from, to, ticket): Heard {
      const [first, second, event] = [bytes[from], bytes[from + 1], bytes[from + JOINED_AT]]
      if (first === 0x30) return { is: 'say', text: `40${JSON.stringify({ ticket, room })}` }
      if (first === 0x34 && second === 0x30) return NOTHING
      if (first === 0x34 && second === 0x32 && event === 0x6a /* j */) return { is: 'entered' }
      return asked.hear(bytes, from, to, ticket)
    },
  }
}
