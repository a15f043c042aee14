import type { EventPlan } from './plan.ts'

/** Two talks and a break among people who know each other a little. */
export const meetUpTemplate: EventPlan = {
  questions: { anonymous: 'audience' },
  cues: [
    { title: 'Doors open', minutes: 20, shows: 'welcome', text: 'Good evening', countdown: true },
    { title: 'Hello', minutes: 5, shows: 'card', text: 'Hello!', notes: 'Thank the hosts. Say where the exits are.' },
    { title: 'First talk', minutes: 25, shows: 'card', text: 'First talk', notes: 'Put the slides here.' },
    { title: 'Questions to the first talk', minutes: 10, shows: 'questions', text: 'Ask the speaker' },
    { title: 'Break', minutes: 15, shows: 'break', text: 'Break', countdown: true },
    { title: 'Second talk', minutes: 25, shows: 'card', text: 'Second talk', notes: 'Put the slides here.' },
    { title: 'Questions to the second talk', minutes: 10, shows: 'questions', text: 'Ask the speaker' },
    { title: 'What next?', minutes: 5, shows: 'poll', poll: 0 },
    { title: 'Good night', minutes: 1, shows: 'end', text: 'Until next time' },
  ],
  polls: [
    { title: 'What should we talk about next time?', form: { type: 'text' } },
    { title: 'How was tonight?', form: { type: 'rating', steps: 5, low: 'poor', high: 'great' } },
  ],
}
