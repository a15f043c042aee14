import { afterNumber, NOTHING, numberAt, TEXT, type Dialect, type Heard } from './dialect.ts'

const BATCH = '42["batch",{"room":"","after":'
const THROUGH = ',"through":'
const JOINED = '42["joined",{"room":"'
const ACK = '[{"ok":true,"seq":'
const TWO = 0x32
const THREE = 0x33

/** Plenary's wire protocol (docs/SPEC.md), in one room, which is asked for with the handshake. */
export const plenary = (room: string): Dialect => ({
  path: '/socket.io/?EIO=4&transport=websocket',
  acknowledges: true,
  open: () => ({ say: null, entered: false }),
  hear(bytes, from, to, ticket): Heard {
    const first = (bytes[from] ?? 0) - 0x30
    if (first === 0) return { is: 'say', text: `40${JSON.stringify({ ticket, join: [{ room }] })}` }
    if (first === 2) return { is: 'say', text: '3' }
    const second = bytes[from + 1] ?? 0
    if (second === TWO) {
      if (bytes[from + 4] === 0x6a /* j */) return joined(bytes, from, to, room)
      if (bytes[from + 4] !== 0x62 /* b */) return NOTHING
      const after = from + BATCH.length + room.length
      const through = afterNumber(bytes, after) + THROUGH.length
      return { is: 'delivery', after: numberAt(bytes, after), through: numberAt(bytes, through) }
    }
    if (second === THREE) {
      const id = numberAt(bytes, from + 2)
      const answer = afterNumber(bytes, from + 2)
      if (bytes[answer + '[{"ok":'.length] !== 0x74 /* t */) return refused(bytes, from, to)
      return { is: 'ack', number: id, seq: numberAt(bytes, answer + ACK.length) }
    }
    if (second === 0x30) return NOTHING
    return refused(bytes, from, to)
  },
  ask(number) {
    const body = { room, id: commandId(number), type: 'post', body: { text: TEXT } }
    return `42${number}["send",${JSON.stringify(body)}]`
  },
})

/** A UUID of version 4, another one for each number and each process that asks. */
function commandId(number: number): string {
  const own = process.pid.toString(16).padStart(8, '0').slice(-8)
  return `${own}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

function joined(bytes: Buffer, from: number, to: number, room: string): Heard {
  const ok = from + JOINED.length + room.length + '","answer":{"ok":'.length
  return bytes[ok] === 0x74 /* t */ ? { is: 'entered' } : refused(bytes, from, to)
}

function refused(bytes: Buffer, from: number, to: number): Heard {
  return { is: 'refused', why: bytes.subarray(from, to).toString() }
}
