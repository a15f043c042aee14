import { Writable } from 'node:stream'
import { pino, type Logger } from 'pino'
import type { Config } from '../config.ts'

/** What must never stand in a log, wherever a field of the name turns up. */
const SECRET_FIELDS = ['authorization', 'cookie', 'set-cookie', 'ticket', 'pass', 'password', 'secret', 'token']
const REDACT = SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`])

/** JSON lines for machines; on a terminal short lines for people, and there only what needs their attention by default. */
export function createLogger(
  level: Config['logLevel'],
  out: NodeJS.WritableStream & { isTTY?: boolean } = process.stdout,
): Logger {
  const options = { level, base: {}, redact: REDACT, timestamp: pino.stdTimeFunctions.isoTime }
  return out.isTTY === true
    ? pino({ ...options, level: level === 'info' ? 'warn' : level }, shortLines(out))
    : pino(options, out)
}

function shortLines(out: NodeJS.WritableStream): Writable {
  return new Writable({
    decodeStrings: false,
    write(line, _encoding, done) {
      out.write(`${shortLine(String(line))}\n`)
      done()
    },
  })
}

/** One log record as a line for people. */
export function shortLine(json: string): string {
  const { time, level, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>
  const clock = String(time).slice(11, 19)
  const word = pino.levels.labels[Number(level)] ?? 'info'
  const cause = typeof err === 'object' && err !== null && 'message' in err ? `: ${String(err.message)}` : ''
  const fields = Object.entries(rest).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${clock} ${word} ${String(msg)}${cause}${fields.join('')}`
}
