import type { Failure } from '@plenary/kinds'
import { ANSWERED_MAX, enterAndJoin, type Attack } from './attack.ts'
import { chanceFrom } from './chance.ts'

/** Refusals for sending too fast that one connection gets before it is closed. */
const REFUSALS_MAX = 1_000

/** One connection that sends without end: its first messages get their own codes, then it is too fast, then it is closed. */
export async function flood(
  url: string,
  { seed, classes, ticket, room }: Attack & { ticket: string },
): Promise<string[]> {
  const chance = chanceFrom(seed)
  using client = await enterAndJoin(url, ticket, room)
  const total = ANSWERED_MAX + REFUSALS_MAX + 200
  const frames = Array.from(
    { length: total },
    (_, at) => classes[chance.below(classes.length)]?.make(chance, at + 1, room) ?? Buffer.alloc(0),
  )
  client.write(Buffer.concat(frames))
  await client.until(() => client.ended, 'the end of a flood')
  const codes = new Map<string, number>()
  for (const [id, answer] of client.answers) {
    if (id === 0) continue
    const { code, retryAfter } = JSON.parse(answer) as Failure
    codes.set(code, (codes.get(code) ?? 0) + 1)
    if (code === 'rate_limited' && !(Number(retryAfter) > 0))
      return [`seed ${seed}, flood: rate_limited without retryAfter`]
  }
  const limited = codes.get('rate_limited') ?? 0
  const wrong: string[] = []
  if (client.closeCode !== null) wrong.push(`seed ${seed}, flood: closed with ${String(client.closeCode)}`)
  if (limited < REFUSALS_MAX || limited > REFUSALS_MAX + 1)
    wrong.push(`seed ${seed}, flood: ${limited} times rate_limited before the end`)
  for (const code of ['internal', 'unavailable'])
    if (codes.has(code)) wrong.push(`seed ${seed}, flood: answered with ${code}`)
  return wrong
}
