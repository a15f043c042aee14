import type { Json } from '@plenary/kinds'
import type { EventPlan } from './plan.ts'

const quiz = (title: string, options: string[], right: number): EventPlan['polls'][number] => ({
  title,
  form: { type: 'choice', options, quiz: { right: [right], points: 1_000, speed: true } satisfies Json },
  // The leaderboard is of people with names.
  privacy: 'named',
  show: 'revealed',
  change: false,
  seconds: 20,
})

/** A quiz in rounds, with a leaderboard: the faster, the more points. */
export const gameNightTemplate: EventPlan = {
  cues: [
    { title: 'Doors open', minutes: 10, shows: 'welcome', text: 'Game night', countdown: true },
    {
      title: 'The rules',
      minutes: 3,
      shows: 'card',
      text: 'The rules',
      notes: 'Twenty seconds. Fast answers give more.',
    },
    {
      title: 'Question 1',
      minutes: 2,
      shows: 'poll',
      poll: 0,
      notes: 'Open, close, show: the points come with the showing.',
    },
    { title: 'Question 2', minutes: 2, shows: 'poll', poll: 1 },
    { title: 'Question 3', minutes: 2, shows: 'poll', poll: 2 },
    { title: 'Break', minutes: 10, shows: 'break', text: 'Break', countdown: true },
    { title: 'Question 4', minutes: 2, shows: 'poll', poll: 3 },
    { title: 'Question 5', minutes: 2, shows: 'poll', poll: 4 },
    { title: 'The winner', minutes: 3, shows: 'end', text: 'And the winner is …' },
  ],
  polls: [
    quiz('Which planet has the shortest day?', ['Mercury', 'Earth', 'Jupiter', 'Neptune'], 2),
    quiz('How many hearts has an octopus?', ['One', 'Two', 'Three', 'Eight'], 2),
    quiz('Which city lies on two continents?', ['Cairo', 'Istanbul', 'Athens', 'Moscow'], 1),
    quiz('What did people write on before paper?', ['Plastic', 'Papyrus', 'Cardboard', 'Glass'], 1),
    quiz('Which of these is not a prime number?', ['89', '91', '97', '101'], 1),
  ],
}
