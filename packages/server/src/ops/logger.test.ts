import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLogger, shortLine } from './logger.ts'

function sink(isTTY = false) {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { lines, stream: Object.assign(stream, { isTTY }) }
}

test('no secret gets into a log, at whatever depth it stands', () => {
  const { lines, stream } = sink()
  const logger = createLogger('info', stream)
  const secret = 'hunter2'
  logger.info(
    {
      ticket: secret,
      pass: secret,
      headers: { authorization: secret, cookie: secret },
      req: { headers: { authorization: secret } },
    },
    'asked',
  )
  logger.child({ body: { password: secret } }).warn({ answer: { headers: { 'set-cookie': secret } } }, 'answered')
  expect(lines).toHaveLength(2)
  expect(lines.join()).not.toContain(secret)
})

test('machines get JSON lines; people on a terminal short ones, and only what needs them', () => {
  const machine = sink()
  createLogger('info', machine.stream).info({ shard: 3 }, 'taken')
  expect(JSON.parse(machine.lines[0] ?? '')).toMatchObject({ level: 30, msg: 'taken', shard: 3 })
  const person = sink(true)
  const logger = createLogger('info', person.stream)
  logger.info('not worth a line')
  logger.warn({ shard: 3, err: new Error('lost') }, 'shard is gone')
  expect(person.lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d warn shard is gone: lost shard=3\n$/)])
})

test('a short line has everything but the stack', () => {
  const record = {
    level: 50,
    time: '2026-01-02T03:04:05.678Z',
    msg: 'failed',
    err: { message: 'why', stack: 'long' },
    room: 'r',
    n: { a: 1 },
  }
  expect(shortLine(JSON.stringify(record))).toBe('03:04:05 error failed: why room=r n={"a":1}')
})
