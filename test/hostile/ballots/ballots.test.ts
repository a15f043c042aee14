import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesOf } from '../../../packages/engine/src/testing/unmask.ts'
import { Hall, type Ballot } from './hall.ts'
import { linked } from './linked.ts'

const TEXT: Ballot = { form: { type: 'text' }, privacy: 'secret', answer: () => ({ text: `words-${randomUUID()}` }) }
const CHOICE: Ballot = {
  form: { type: 'choice', options: ['Yes', 'No'] },
  privacy: 'secret',
  answer: (at) => ({ picks: [at === 0 ? 0 : 1] }),
}
const MS_MAX = 60_000

const usersOf = (hall: Hall) => hall.voters.map(({ who }) => who.user).toSorted()

test.each([
  ['words', TEXT],
  ['a choice', CHOICE],
])(
  '[R6] while a secret poll for %s is open, no socket, route, export or page of history shows a ballot to any role',
  async (_, ballot) => {
    await using hall = await Hall.open()
    const { poll, answers } = await hall.votedIn(ballot)
    const sentBefore = new Map(hall.everyone.map((witness) => [witness, [...witness.texts]]))
    const seen = await hall.comeIn()
    const told = await hall.answers()
    for (const [at, answer] of answers.entries()) {
      const words = 'text' in answer ? String(answer.text) : null
      for (const [witness, { mine }] of seen) {
        const own = witness === hall.voters[at]
        if (own) expect(mine?.votes[poll]?.answer).toEqual(answer)
        const sent = [...(sentBefore.get(witness) ?? []), ...witness.texts].join('\n')
        // What the voter's own devices are shown is what this would find.
        if (words !== null) expect(sent.includes(words), `${witness.who.name} and the words of voter ${at}`).toBe(own)
        expect(sent).not.toMatch(/"type":"vote"|"counts"/)
      }
      if (words !== null) expect(told.filter(({ text }) => text.includes(words))).toEqual([])
    }
    expect(told.filter(({ text }) => /"type":"vote"|"counts"/.test(text))).toEqual([])
    expect(told.filter(({ path, status }) => path.endsWith('/export') && status === 200).map(({ who }) => who)).toEqual(
      ['owner', 'producer'],
    )
  },
  MS_MAX,
)

test.each([
  ['words', TEXT],
  ['a choice', CHOICE],
])(
  '[R6] after a secret poll for %s is closed, nothing that a server keeps, writes and answers leads from a ballot to its voter',
  async (_, ballot) => {
    await using hall = await Hall.open()
    const { poll, answers } = await hall.votedIn(ballot)
    const copied = await readFile(join(hall.server.folder, 'keys.db'))
    // The very same attack, while there still is a key.
    expect(linked(await hall.everything(await hall.answers()), hall.ballots)).toEqual(usersOf(hall))
    await hall.close(poll)
    const seen = await hall.comeIn()
    for (const [{ texts }, { mine }] of seen) {
      expect(mine?.votes[poll]).toBeUndefined()
      // What came out is told, and of nobody who said it.
      const sent = texts.join('\n')
      const told = answers.map((answer) => ('text' in answer ? JSON.stringify(answer) : '"counts":[1,4]'))
      for (const each of told) expect(sent).toContain(each)
      for (const each of answers)
        if ('text' in each) expect(sent.replaceAll(JSON.stringify(each), '')).not.toContain(each.text)
      expect(sent).not.toContain('"names"')
    }
    const bytes = await hall.everything(await hall.answers())
    expect(linked(bytes, hall.ballots)).toEqual([])
    // And with what somebody copied while it was open, which is why the key has to end.
    expect(linked(Buffer.concat([bytes, copied]), hall.ballots)).toEqual(usersOf(hall))
    await hall.server.kill()
    const left = await bytesOf(hall.server.folder)
    expect(linked(left, hall.ballots)).toEqual([])
    // Who voted and did nothing else is nobody to what is kept: not even that they were there stands anywhere.
    const said = hall.server.said
    for (const { user, name, command } of hall.ballots.slice(0, -1))
      for (const own of [user, name, command]) {
        expect(left.includes(own)).toBe(false)
        expect(said.includes(own)).toBe(false)
      }
  },
  MS_MAX,
)

test(
  '[R6] the same attack finds every voter of a poll that only hides them from the audience',
  async () => {
    await using hall = await Hall.open()
    const { poll } = await hall.votedIn({ ...CHOICE, privacy: 'hidden' })
    await hall.close(poll)
    expect(linked(await hall.everything([]), hall.ballots)).toEqual(usersOf(hall))
  },
  MS_MAX,
)
