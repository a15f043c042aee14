import type { EventPlan } from './plan.ts'

/** A lesson: nobody sees who asks or who answered what, and the teacher sees whether it was understood. */
export const classTemplate: EventPlan = {
  questions: { anonymous: 'everyone' },
  cues: [
    { title: 'Coming in', minutes: 5, shows: 'welcome', text: 'Welcome', countdown: true },
    { title: 'Last time', minutes: 5, shows: 'poll', poll: 0, notes: 'Read out what stands large, and build on it.' },
    { title: 'The lesson', minutes: 20, shows: 'card', text: 'Today', notes: 'Put your slides here.' },
    { title: 'Was that clear?', minutes: 3, shows: 'poll', poll: 1, notes: 'Show the results, then explain again.' },
    { title: 'Practice', minutes: 10, shows: 'break', text: 'Now you', countdown: true },
    { title: 'Questions', minutes: 5, shows: 'questions', text: 'What is still open?' },
    { title: 'To take home', minutes: 2, shows: 'end', text: 'See you next time' },
  ],
  polls: [
    { title: 'What do you remember from last time?', form: { type: 'words', max: 3 } },
    {
      title: 'Was that clear?',
      form: { type: 'choice', options: ['Yes', 'Mostly', 'Not yet'] },
      show: 'revealed',
    },
    { title: 'What was hardest today?', form: { type: 'text' }, show: 'revealed' },
  ],
}
