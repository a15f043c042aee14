import type { EventPlan } from './plan.ts'

/** One talks, many listen and ask: questions wait for approval, and the chat is slowed a little. */
export const webinarTemplate: EventPlan = {
  chat: { slowMs: 5_000 },
  questions: { hold: true },
  cues: [
    { title: 'Doors open', minutes: 10, shows: 'welcome', text: 'We begin soon', countdown: true },
    { title: 'Where are you?', minutes: 2, shows: 'poll', poll: 0, notes: 'Open the poll as people arrive.' },
    { title: 'Welcome', minutes: 3, shows: 'card', text: 'Welcome', notes: 'Who speaks, how long, where to ask.' },
    { title: 'The talk', minutes: 30, shows: 'card', text: 'The talk', notes: 'Put your slides or your video here.' },
    { title: 'Questions', minutes: 12, shows: 'questions', text: 'Your questions' },
    { title: 'How was it?', minutes: 2, shows: 'poll', poll: 1 },
    { title: 'Good-bye', minutes: 1, shows: 'end', text: 'Thank you for being there' },
  ],
  polls: [
    { title: 'Where do you join us from?', form: { type: 'words', max: 1 } },
    {
      title: 'How useful was this for you?',
      form: { type: 'rating', steps: 5, low: 'not at all', high: 'very' },
      show: 'revealed',
    },
  ],
}
