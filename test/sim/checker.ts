import { Book } from './checker/book.ts'
import { deadlineRules } from './checker/deadline-rules.ts'
import { deviceRules } from './checker/device-rules.ts'
import { liveRules } from './checker/live-rules.ts'
import { logRules } from './checker/log-rules.ts'
import { wireRules } from './checker/wire-rules.ts'
import type { Ending, Noted, Onlooker } from './happening.ts'
import type { Plan } from './plan.ts'

/**
 * Holds a run to the promises, at every step and at its end. It shares no code with what it judges but the rules of rooms: what is durable it
 * writes down itself, from what the simulated log says that it has written.
 */
export function createChecker(plan: Plan): Onlooker {
  const book = new Book(plan)
  // The log's come first: the others read what these have written down.
  const rules = [logRules(book), deadlineRules(book), wireRules(book), deviceRules(book), liveRules(book)]
  let last = { at: 0, step: 0 }
  return {
    note(happening: Noted) {
      last = { at: happening.at, step: happening.step }
      for (const rule of rules) rule.note(happening)
    },
    finish(ending: Ending) {
      if (plan.cut === true) return
      book.over = true
      for (const rule of rules) rule.finish?.(ending, last)
    },
    violations: book.violations,
  }
}
