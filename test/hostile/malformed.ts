import type { ErrorCode } from '@plenary/kinds'
import type { Chance } from './chance.ts'
import { frame, OPCODE } from './frames.ts'

/** What docs/SPEC.md says becomes of a malformed frame. */
export type Outcome =
  /** A failure of one of these codes in its acknowledgement. */
  | { is: 'refused'; codes: readonly ErrorCode[] }
  /** The connection is closed with one of these WebSocket codes; null is a close without a code. */
  | { is: 'closed'; codes: readonly (number | null)[] }
  /** Nothing at all. */
  | { is: 'ignored' }

export interface MalformedClass {
  name: string
  outcome: Outcome
  /** Only before, or only after the handshake; without it both. */
  when?: 'before' | 'inside'
  /** Takes so many bytes that a big run makes it rarely. */
  heavy?: true
  /** The frames of one case. `id` is for its acknowledgement, `room` is one that the sender has joined. */
  make(chance: Chance, id: number, room: string): Buffer
}

/** No message is larger. */
export const FRAME_MAX_BYTES = 1_200_000
/** No message comes in more pieces. */
const FRAGMENTS_MAX = 16_384

const PROTOCOL_ERROR: Outcome = { is: 'closed', codes: [1002] }
const WRONG_TEXT: Outcome = { is: 'closed', codes: [1007] }
const TOO_BIG: Outcome = { is: 'closed', codes: [1009] }
const TOO_MANY: Outcome = { is: 'closed', codes: [1008] }
const PARSE_ERROR: Outcome = { is: 'closed', codes: [null] }
/** A handshake that is refused, with its code in the refusal before it. */
const TURNED_AWAY: Outcome = { is: 'closed', codes: [null] }
const IGNORED: Outcome = { is: 'ignored' }
const BAD_REQUEST: Outcome = { is: 'refused', codes: ['bad_request'] }

const INVALID_UTF8 = ['c328', 'ff', 'e228a1', 'f0288cbc', 'eda080', 'c0af', 'f4908080'] as const
const text = (payload: string) => frame({ payload })

/** Below Socket.IO: frames that break RFC 6455. */
const WEBSOCKET: readonly MalformedClass[] = [
  {
    name: 'an opcode that there is not',
    outcome: PROTOCOL_ERROR,
    make: (chance) =>
      frame({ opcode: chance.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload: chance.bytes(chance.below(20)) }),
  },
  {
    name: 'reserved bits',
    outcome: PROTOCOL_ERROR,
    make: (chance) =>
      frame({ opcode: chance.pick([1, 2, 8, 9, 10]), reserved: 1 + chance.below(7), payload: chance.bytes(3) }),
  },
  { name: 'no mask', outcome: PROTOCOL_ERROR, make: (chance) => frame({ masked: false, payload: chance.word(9) }) },
  {
    name: 'a control frame in pieces',
    outcome: PROTOCOL_ERROR,
    make: (chance) => frame({ opcode: chance.pick([8, 9, 10]), fin: false }),
  },
  {
    name: 'a control frame too long',
    outcome: PROTOCOL_ERROR,
    make: (chance) => frame({ opcode: chance.pick([8, 9, 10]), payload: chance.bytes(126 + chance.below(300)) }),
  },
  {
    name: 'a continuation of nothing',
    outcome: PROTOCOL_ERROR,
    make: (chance) =>
      frame({ opcode: OPCODE.continuation, fin: chance.below(2) === 0, payload: chance.word(chance.below(9)) }),
  },
  {
    name: 'a message inside of another',
    outcome: PROTOCOL_ERROR,
    make: (chance) => Buffer.concat([frame({ fin: false, payload: '42["se' }), text(chance.word(5))]),
  },
  {
    name: 'text that is no UTF-8',
    outcome: WRONG_TEXT,
    make: (chance) => frame({ payload: Buffer.from(`3432${chance.pick(INVALID_UTF8)}`, 'hex') }),
  },
  {
    name: 'UTF-8 that breaks off in the last piece',
    outcome: WRONG_TEXT,
    make: () =>
      Buffer.concat([
        frame({ fin: false, payload: Buffer.from('3432e2', 'hex') }),
        frame({ opcode: OPCODE.continuation, payload: Buffer.from('28a1', 'hex') }),
      ]),
  },
  {
    name: 'a length over the limit, in the head alone',
    outcome: TOO_BIG,
    make: (chance) => frame({ claims: FRAME_MAX_BYTES + 1 + chance.below(1_000_000_000), payload: '42' }),
  },
  {
    name: 'a length over all numbers',
    outcome: TOO_BIG,
    make: (chance) => frame({ claims: (1n << 53n) + BigInt(chance.below(1_000)), payload: '42' }),
  },
  {
    name: 'a length over the limit, in pieces',
    outcome: TOO_BIG,
    heavy: true,
    make: () =>
      Buffer.concat([
        frame({ fin: false, payload: Buffer.alloc(FRAME_MAX_BYTES / 2, 'x') }),
        frame({ opcode: OPCODE.continuation, payload: Buffer.alloc(FRAME_MAX_BYTES / 2 + 1, 'x') }),
      ]),
  },
  {
    name: 'too many pieces',
    outcome: TOO_MANY,
    heavy: true,
    make: () => {
      const piece = frame({ opcode: OPCODE.continuation, fin: false, payload: 'x' })
      return Buffer.concat([frame({ fin: false, payload: 'x' }), ...Array.from({ length: FRAGMENTS_MAX }, () => piece)])
    },
  },
  {
    name: 'a close with a code that there is not',
    outcome: PROTOCOL_ERROR,
    make: (chance) => {
      const payload = Buffer.alloc(2)
      payload.writeUInt16BE(chance.pick([0, 999, 1004, 1005, 1006, 1015, 2000, 65_535]))
      return frame({ opcode: OPCODE.close, payload })
    },
  },
  {
    name: 'a close with half a code',
    outcome: PROTOCOL_ERROR,
    make: () => frame({ opcode: OPCODE.close, payload: 'x' }),
  },
  {
    name: 'a close whose reason is no UTF-8',
    outcome: WRONG_TEXT,
    make: (chance) => frame({ opcode: OPCODE.close, payload: Buffer.from(`03e8${chance.pick(INVALID_UTF8)}`, 'hex') }),
  },
]

/** Between the two: what is no packet of Engine.IO 4 from a client. */
const ENGINE: readonly MalformedClass[] = [
  { name: 'an empty message', outcome: PARSE_ERROR, make: () => text('') },
  {
    name: 'a packet of no known type',
    outcome: PARSE_ERROR,
    make: (chance) =>
      text(chance.pick(['7', '8', '9', 'x', ' 4', '-1', '\u0000', '４']) + chance.word(chance.below(9))),
  },
  {
    name: 'a ping, which is the server’s to send',
    outcome: PARSE_ERROR,
    make: (chance) => text(`2${chance.word(chance.below(6))}`),
  },
  {
    name: 'a binary message',
    outcome: PARSE_ERROR,
    make: (chance) => frame({ opcode: OPCODE.binary, payload: chance.bytes(chance.below(200)) }),
  },
  {
    name: 'a binary message as text',
    outcome: PARSE_ERROR,
    make: (chance) => text(`b${chance.pick(['', '!', 'AAAA', '====', 'é'])}`),
  },
  {
    name: 'a packet that only the server sends',
    outcome: IGNORED,
    make: (chance) => text(chance.pick(['0', '0{}', '0{"sid":"x"}', '1', '5', '5probe', '6', '6x', '3', '3probe'])),
  },
]

/** What is no packet of Socket.IO 5 that may come now. */
const SOCKET: readonly MalformedClass[] = [
  { name: 'a packet without a type', outcome: PARSE_ERROR, make: () => text('4') },
  {
    name: 'a Socket.IO packet of no known type',
    outcome: PARSE_ERROR,
    make: (chance) => text(`4${chance.pick(['7', '8', '9', 'x', '-', '{', '\u0000'])}${chance.word(3)}`),
  },
  {
    name: 'broken JSON',
    outcome: PARSE_ERROR,
    make: (chance, id) =>
      text(
        `42${id}${chance.pick(['[', '["send"', '["send",{]', '["send",{"room":}]', '[,]', "['send']", '["a"]]', 'NaN', '["x",\u0007]'])}`,
      ),
  },
  {
    name: 'JSON that is no message',
    outcome: PARSE_ERROR,
    make: (chance, id) =>
      text(`42${id}${chance.pick(['{}', '[]', '"send"', '[null]', '[{}]', '[[]]', 'null', '[true]'])}`),
  },
  {
    name: 'the name of an event of the library',
    outcome: PARSE_ERROR,
    make: (chance, id) =>
      text(
        `42${id}${JSON.stringify([chance.pick(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']), {}])}`,
      ),
  },
  {
    name: 'a packet with attachments',
    outcome: PARSE_ERROR,
    make: (chance, id) =>
      text(
        `45${chance.pick(['1-', '2-', '9-', '10-', '11-', '999999999-', '-', '-1-', '0-', '1.5-', 'x-', '1'])}${id}["send",{"_placeholder":true,"num":0}]`,
      ),
  },
  {
    name: 'an acknowledgement with attachments',
    outcome: PARSE_ERROR,
    make: (chance, id) =>
      text(`46${chance.pick(['1-', '10-', '-'])}${id}[{"_placeholder":true,"num":${chance.below(9)}}]`),
  },
  {
    name: 'an acknowledgement of the wrong form',
    outcome: PARSE_ERROR,
    make: (chance, id) => text(`43${id}${chance.pick(['{}', '"x"', '7]', 'null', '[', 'true'])}`),
  },
  {
    name: 'an unknown namespace',
    outcome: PARSE_ERROR,
    make: (chance) => text(`40/${chance.word(1 + chance.below(60))},${chance.pick(['', '{}', '{"ticket":"x"}'])}`),
  },
  {
    name: 'a message to an unknown namespace',
    outcome: PARSE_ERROR,
    make: (chance, id) => text(`42/${chance.word(1 + chance.below(20))},${id}["join",{}]`),
  },
  {
    name: 'a refusal, which is the server’s to send',
    outcome: PARSE_ERROR,
    make: (chance) => text(chance.pick(['44{}', '44"x"', '44'])),
  },
  {
    name: 'a second CONNECT',
    outcome: PARSE_ERROR,
    when: 'inside',
    make: (chance) => text(chance.pick(['40', '40{}', '40{"ticket":"x"}'])),
  },
  {
    name: 'a CONNECT of the wrong form',
    outcome: PARSE_ERROR,
    make: (chance) => text(`40${chance.pick(['[]', '"x"', '7', 'null', '{', '{"a":}'])}`),
  },
  {
    name: 'a CONNECT that asks for what is no room',
    outcome: TURNED_AWAY,
    when: 'before',
    make: (chance) =>
      text(
        `40{"ticket":"x","join":${chance.pick(['7', '{}', '["x"]', '[{"room":""}]', '[{"room":"x","cursor":1}]', `[${'{"room":"x"},'.repeat(120)}{"room":"x"}]`])}}`,
      ),
  },
  {
    name: 'a message before the handshake',
    outcome: PARSE_ERROR,
    when: 'before',
    make: (chance, id) => text(chance.pick([`42${id}["join",{"room":"x"}]`, `43${id}[]`, '41', '42["signal",{}]'])),
  },
  {
    name: 'a goodbye',
    outcome: PARSE_ERROR,
    when: 'inside',
    make: (chance) => text(chance.pick(['41', '41"x"', '41{}'])),
  },
  {
    name: 'an acknowledgement of what nobody asked',
    outcome: IGNORED,
    when: 'inside',
    make: (chance) =>
      text(
        `43${chance.pick(['', '0', '7', '123456', '99999999999999999999999', '1'.repeat(400)])}${chance.pick(['[]', '[1]', '[{"ok":true}]', '[[[]]]'])}`,
      ),
  },
]

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
/** JSON that nobody expects, as text. */
function nonsense(chance: Chance): string {
  return chance.pick<() => string>([
    () => 'null',
    () => '[]',
    () => '{}',
    () => String(chance.below(1_000_000) - 500_000),
    () => '-1e308',
    () => JSON.stringify(chance.word(chance.below(90))),
    () => '"\\ud800"',
    () => '{"__proto__":{"room":"x"}}',
    () => '{"constructor":{"prototype":{"ok":true}}}',
    () => '{"toString":1,"valueOf":null,"then":{}}',
    () => '{"length":1e9,"0":1}',
    () => deep(3 + chance.below(200)),
    () => `[${Array.from({ length: chance.below(200) }, () => '0').join(',')}]`,
    () => JSON.stringify({ [chance.word(5)]: chance.word(5), [chance.word(3)]: [chance.below(9)] }),
  ])()
}

const UUID = '6d2ac9a9-6b0f-4a54-9ba0-40ea3c53cbc7'
const field = (name: string, json: string) => `"${name}":${json}`
const send = (id: number, fields: readonly string[]) => text(`42${id}["send",{${fields.join(',')}}]`)

/** Messages that are packets and ask for what cannot be. */
const REQUESTS: readonly Omit<MalformedClass, 'when'>[] = [
  {
    name: 'a message of no known name',
    outcome: BAD_REQUEST,
    make: (chance, id) =>
      text(
        `42${id}[${chance.pick(['"nope"', '"__proto__"', '"constructor"', '""', '"batch"', '"welcome"', '7', '-1', '"JOIN"', '"error"', '"then"'])},${nonsense(chance)}]`,
      ),
  },
  {
    name: 'a body of the wrong shape',
    outcome: BAD_REQUEST,
    make: (chance, id) => text(`42${id}["${chance.pick(['join', 'leave', 'send'])}",${nonsense(chance)}]`),
  },
  {
    name: 'no body',
    outcome: BAD_REQUEST,
    make: (chance, id) => text(`42${id}["${chance.pick(['join', 'leave', 'send'])}"]`),
  },
  {
    name: 'a room that cannot be',
    outcome: BAD_REQUEST,
    make: (chance, id) =>
      text(
        `42${id}["${chance.pick(['join', 'leave'])}",{"room":${chance.pick(['""', '"../x"', '"a b"', '7', 'null', '{}', '["a"]', '"__proto__"', '"é"', '"\\u0000"', JSON.stringify('x'.repeat(65))])}}]`,
      ),
  },
  {
    name: 'a field too many',
    outcome: BAD_REQUEST,
    make: (chance, id, room) => text(`42${id}["join",{"room":"${room}","${chance.word(4)}x":${nonsense(chance)}}]`),
  },
  {
    name: 'a cursor that cannot be',
    outcome: BAD_REQUEST,
    make: (chance, id, room) =>
      text(
        `42${id}["join",{"room":"${room}","cursor":${chance.pick(['7', 'null', '{}', '{"log":"x","seq":-1}', '{"log":"x","seq":1.5}', '{"log":"x","seq":1e99}', '{"log":"x","seq":"1"}', '{"log":{},"seq":0}', '{"log":"x","seq":0,"more":1}'])}}]`,
      ),
  },
  {
    name: 'a command id that is none',
    outcome: BAD_REQUEST,
    make: (chance, id, room) =>
      send(id, [
        field('room', `"${room}"`),
        field('id', chance.pick(['"x"', '7', 'null', '{}', `"${UUID}0"`, '""', '["a"]'])),
        '"type":"post"',
        '"body":{"text":"x"}',
      ]),
  },
  {
    name: 'a command that the room does not know',
    outcome: BAD_REQUEST,
    make: (chance, id, room) =>
      send(id, [
        field('room', `"${room}"`),
        field('id', `"${UUID}"`),
        field(
          'type',
          chance.pick([
            '"__proto__"',
            '"constructor"',
            '"toString"',
            '"$created"',
            '"timeout"',
            '"POST"',
            '"waiting"',
            '""',
            '7',
            'null',
            '{}',
            JSON.stringify('x'.repeat(65)),
          ]),
        ),
        field('body', nonsense(chance)),
      ]),
  },
  {
    name: 'a command with a body of the wrong shape',
    outcome: BAD_REQUEST,
    make: (chance, id, room) =>
      send(id, [
        field('room', `"${room}"`),
        field('id', `"${UUID}"`),
        field('type', chance.pick(['"post"', '"edit"', '"react"', '"delete"'])),
        field('body', nonsense(chance)),
      ]),
  },
  {
    name: 'a command marked again by no boolean',
    outcome: BAD_REQUEST,
    make: (chance, id, room) =>
      send(id, [
        field('room', `"${room}"`),
        field('id', `"${UUID}"`),
        '"type":"post"',
        '"body":{"text":"x"}',
        field('again', chance.pick(['1', '"true"', 'null', '[]', '{}'])),
      ]),
  },
  {
    name: 'a command that the role may not send',
    outcome: { is: 'refused', codes: ['forbidden'] },
    make: (chance, id, room) =>
      send(id, [
        field('room', `"${room}"`),
        field('id', `"${UUID}"`),
        field(
          'type',
          chance.pick(['"pin"', '"mute"', '"ban"', '"slow"', '"hold"', '"approve"', '"reject"', '"restore"']),
        ),
        field('body', nonsense(chance)),
      ]),
  },
  {
    name: 'a command to a room that was not joined',
    outcome: { is: 'refused', codes: ['forbidden'] },
    make: (chance, id) =>
      send(id, [
        field('room', `"${chance.word(9)}"`),
        field('id', `"${UUID}"`),
        '"type":"post"',
        '"body":{"text":"x"}',
      ]),
  },
  {
    name: 'a room that there is not',
    outcome: { is: 'refused', codes: ['not_found'] },
    make: (chance, id) => text(`42${id}["join",{"room":"${chance.word(12)}"}]`),
  },
  {
    name: 'a body over the limit',
    outcome: { is: 'refused', codes: ['too_large'] },
    heavy: true,
    make: (chance, id, room) =>
      send(id, [
        field('room', `"${room}"`),
        field('id', `"${UUID}"`),
        '"type":"post"',
        field('body', `{"text":"${'x'.repeat(65_536 + chance.below(900_000))}"}`),
      ]),
  },
  {
    name: 'a body nested without end',
    outcome: { is: 'refused', codes: ['bad_request', 'too_large'] },
    heavy: true,
    make: (chance, id, room) =>
      send(id, [
        field('room', `"${room}"`),
        field('id', `"${UUID}"`),
        '"type":"post"',
        field('body', deep(50_000 + chance.below(400_000))),
      ]),
  },
  {
    name: 'an array without end',
    outcome: BAD_REQUEST,
    heavy: true,
    make: (chance, id) => text(`42${id}["join",[${'0,'.repeat(100_000 + chance.below(400_000))}0]]`),
  },
  {
    name: 'an object of very many fields',
    outcome: BAD_REQUEST,
    heavy: true,
    make: (_, id) => text(`42${id}["join",{${Array.from({ length: 50_000 }, (__, at) => `"k${at}":0`).join(',')}}]`),
  },
]

/** What is never answered: what is wrong with it is dropped. */
const UNANSWERED: readonly MalformedClass[] = [
  {
    name: 'a malformed signal',
    outcome: IGNORED,
    when: 'inside',
    make: (chance, id, room) =>
      text(
        `42${chance.pick(['', String(id)])}["signal",${chance.pick([
          nonsense(chance),
          `{"room":"${room}","type":"typing","body":${nonsense(chance)}}`,
          `{"room":"${room}","type":"__proto__","body":{}}`,
          `{"room":"${chance.word(9)}","type":"typing","body":{"on":true}}`,
          `{"room":"${room}","type":"typing","body":{"on":true,"more":1}}`,
        ])}]`,
      ),
  },
]

/** All classes of malformed frames that are told apart, each with what becomes of it. */
export const MALFORMED: readonly MalformedClass[] = [
  ...WEBSOCKET,
  ...ENGINE,
  ...SOCKET,
  ...REQUESTS.map((each): MalformedClass => ({ ...each, when: 'inside' })),
  ...UNANSWERED,
]
