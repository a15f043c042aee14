import type { Answer, Poll } from '@plenary/kinds'

/** What simulated attendees do, drawn from a source of chance in [0, 1). */

const NAMES = ['Ada', 'Ben', 'Chiara', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hiro', 'Ines', 'Jonas', 'Kofi', 'Lena']
const SAYINGS = [
  'Good evening from here!',
  'The sound is fine.',
  'Could you repeat that?',
  'Great point.',
  'I have to think about that one.',
  'Hello everybody',
  'Where can I find the slides?',
  'Thank you!',
  'That is what we do too.',
  '👏👏',
]
const QUESTIONS = [
  'How do you see this in five years?',
  'What was the hardest part?',
  'Does this work without an account?',
  'Who pays for it?',
  'Where do I begin?',
  'What would you do differently?',
]
const WORDS = ['open', 'fast', 'together', 'curious', 'calm', 'clear', 'new']

export type Chance = () => number

const one = <T>(list: readonly T[], chance: Chance): T | undefined => list[Math.floor(chance() * list.length)]

export function nameOf(place: number): string {
  const name = NAMES[place % NAMES.length] ?? 'Guest'
  return `${name} (simulated ${place + 1})`
}

/** How long until somebody does the next thing, in milliseconds: seconds apart, whatever the crowd. */
export function pauseMs(chance: Chance): number {
  return 4_000 + chance() * 26_000
}

export type Act =
  | { does: 'say'; text: string }
  | { does: 'ask'; text: string }
  | { does: 'upvote' }
  | { does: 'listen' }

export function nextAct(chance: Chance): Act {
  const draw = chance()
  if (draw < 0.45) return { does: 'say', text: one(SAYINGS, chance) ?? '' }
  if (draw < 0.55) return { does: 'ask', text: one(QUESTIONS, chance) ?? '' }
  return draw < 0.8 ? { does: 'upvote' } : { does: 'listen' }
}

/** Any answer that the poll takes. */
export function answerTo({ form }: Pick<Poll, 'form'>, chance: Chance): Answer {
  switch (form.type) {
    case 'choice':
      return { picks: [Math.floor(chance() * form.options.length)] }
    case 'rating':
      return { rating: 1 + Math.floor(chance() * form.steps) }
    case 'words':
      return { words: [one(WORDS, chance) ?? 'open'] }
    case 'text':
      return { text: one(SAYINGS, chance) ?? 'Hello' }
  }
}
