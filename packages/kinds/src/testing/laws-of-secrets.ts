import { expect } from 'vitest'
import { AUDIENCES } from './audiences.ts'
import type { Play } from './play.ts'
import type { Watcher } from './watch.ts'

/**
 * What is done in a secret scope has no author, reaches no client, and is known by its alias to the log and the state alone; once
 * the scope is closed, not even to the state.
 */
export function secretsKept(play: Play): Watcher {
  const { kind } = play
  const opened = new Set<string>()
  let before = kind.secrets?.open(play.state) ?? []
  let listed = [...before]
  return {
    after: ({ logged, scope, by }) => {
      const open = kind.secrets?.open(play.state) ?? []
      expect(open === before).toBe(JSON.stringify(open) === JSON.stringify(listed))
      for (const one of open.filter((each) => !listed.includes(each))) {
        expect(opened.has(one)).toBe(false)
        opened.add(one)
      }
      before = open
      listed = [...open]
      if (scope !== null) {
        for (const { entry, visibility } of logged) {
          expect([entry.by, visibility]).toEqual([null, 'nobody'])
          expect(JSON.stringify(entry.body)).not.toContain(by.id)
        }
      }
      const state = JSON.stringify(play.state)
      for (const alias of play.closedAliases()) expect(state).not.toContain(`"${alias}"`)
      for (const audience of AUDIENCES)
        expect(JSON.stringify([kind.view(play.state, audience), kind.digest?.(play.state, audience)])).not.toContain(
          'alias-',
        )
      for (const { id } of play.people) expect(JSON.stringify(play.mine(id) ?? null)).not.toContain('alias-')
    },
  }
}
