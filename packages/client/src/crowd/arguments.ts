import { LIMITS } from '@plenary/kinds'
import { parseArgs } from 'node:util'

const SECONDS = 20

export interface CrowdArguments {
  url: string
  /** What they do. */
  kind: string
  /** Of the event; empty for what takes place in none. */
  code: string
  people: number
  seconds: number
  /** Messages a second, all attendees together. */
  rate: number
  json: boolean
}

export const USAGE =
  'npm run crowd -- --url http://localhost:3000 [--kind chat] --code CODE [--people 200] [--seconds 20] [--rate msgs/s in total] [--json]'

/** `acts`: what a crowd can do, by kind. Throws an `Error` whose message is one clear line. */
export function parseArguments(
  args: string[],
  acts: Readonly<Record<string, { inEvent: boolean; seconds?: number }>>,
): CrowdArguments {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      kind: { type: 'string', default: Object.keys(acts)[0] ?? '' },
      code: { type: 'string' },
      people: { type: 'string', default: '200' },
      seconds: { type: 'string' },
      rate: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const url = values.url ?? fail('--url is missing')
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) fail(`--url is no http(s) address: ${url}`)
  const { kind } = values
  const act = Object.hasOwn(acts, kind) ? acts[kind] : undefined
  if (act === undefined) fail(`--kind is none of ${Object.keys(acts).join(', ')}: ${kind}`)
  const code = values.code ?? (act.inEvent ? fail('--code is missing') : '')
  const people = positive('--people', values.people)
  if (!Number.isInteger(people)) fail(`--people is no whole number: ${values.people}`)
  const seconds = values.seconds === undefined ? (act.seconds ?? SECONDS) : positive('--seconds', values.seconds)
  const rate = values.rate === undefined ? people / 4 : positive('--rate', values.rate)
  const most = people * LIMITS.commandsPerSecond
  if (rate > most) fail(`--rate is above ${most}: an attendee may send ${LIMITS.commandsPerSecond} messages a second`)
  return { url, kind, code, people, seconds, rate, json: values.json }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) && value > 0
    ? value
    : fail(`${name} is no number above 0: ${text}`)
}

function fail(message: string): never {
  throw new Error(message)
}
