import { NOTHING, numberAt, TEXT, type Dialect } from './dialect.ts'

const SEQ = '{"seq":'

/** A server that sends to all what one of them says, and nothing else: `ws` on its own, and the limit. */
export const bare = (): Dialect => ({
  path: '/',
  acknowledges: false,
  open: () => ({ say: null, entered: true }),
  hear(bytes, from) {
    if (bytes[from] !== 0x7b /* { */) return NOTHING
    const seq = numberAt(bytes, from + SEQ.length)
    return { is: 'delivery', after: seq - 1, through: seq }
  },
  ask: (number) => JSON.stringify({ seq: number, text: TEXT }),
})
