import { randomUUID } from 'node:crypto'
import { kinds, polls, stage, TEMPLATES, type Backstage } from '@plenary/kinds'
import { describe, expect, it } from 'vitest'
import { templateRooms } from './templates.ts'

describe.each(TEMPLATES)('the template %s', (template) => {
  const rooms = templateRooms(template, randomUUID)

  it('begins with rooms that their kinds take', () => {
    expect(rooms.map(({ kind }) => kind)).toEqual(['chat', 'stage', 'questions', 'polls'])
    for (const { kind, settings } of rooms) {
      const rules = kinds.find(({ name }) => name === kind)
      expect(rules?.settings.safeParse(settings).success).toBe(true)
    }
  })

  it('has a rundown whose every cue is there, and whose polls and questions are those of its own rooms', () => {
    const settings = rooms.find(({ kind }) => kind === 'stage')?.settings
    const view = stage.view(stage.initial(stage.settings.parse(settings)), 'staff')
    const { cues } = view.staff as Backstage
    expect(cues).toHaveLength((settings as { cues: unknown[] }).cues.length)
    const drafts = polls.view(
      polls.initial(polls.settings.parse(rooms.find(({ kind }) => kind === 'polls')?.settings)),
      'staff',
    )
    for (const { scene } of cues) {
      if (!('room' in scene)) continue
      const shown = rooms.find(({ id }) => id === scene.room)
      expect(shown?.kind).toBe(scene.layout === 'poll' ? 'polls' : 'questions')
      if (scene.layout === 'poll') expect(drafts.polls.map(({ id }) => id)).toContain(scene.item)
    }
  })

  it('makes ids anew for each event', () => {
    const again = templateRooms(template, randomUUID)
    expect(JSON.stringify(again)).not.toEqual(JSON.stringify(rooms))
  })
})
