import { expect, test } from 'vitest'
import { panelsOf } from './play-panels.ts'
import type { PanelFacts } from './play-panels.ts'

const facts: PanelFacts = {
  kinds: ['stage', 'chat', 'questions', 'polls'],
  open: ['chat', 'questions', 'polls'],
  staff: false,
  polls: true,
  wide: false,
}

test.each<[string, Partial<PanelFacts>, string[]]>([
  ['all that is open', {}, ['chat', 'questions', 'polls']],
  ['beside the page also who is here', { wide: true }, ['chat', 'questions', 'polls', 'people']],
  ['no polls while there is none', { polls: false }, ['chat', 'questions']],
  ['for staff the polls all the same', { polls: false, staff: true }, ['chat', 'questions', 'polls']],
  ['not what the hosts closed', { open: ['chat'] }, ['chat']],
  ['for staff also what is closed to others', { open: [], staff: true }, ['chat', 'questions', 'polls']],
  ['everything where there is no stage', { open: null }, ['chat', 'questions', 'polls']],
  ['only what there are rooms for', { kinds: ['chat'], open: null }, ['chat']],
])('the page has %s', (_, different, panels) => {
  expect(panelsOf({ ...facts, ...different })).toEqual(panels)
})
