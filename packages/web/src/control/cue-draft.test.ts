import { stage, type Cue, type CueId } from '@plenary/kinds'
import { describe, expect, it } from 'vitest'
import { cueOfDraft, draftOf, NEW_CUE } from './cue-draft.ts'

const id = '9f0d1a4e-7a51-4b43-9d2a-0a4f6a3c1e55' as CueId
const cue = (more: Partial<Cue>): Cue => ({
  id,
  title: 'Opening',
  plannedMs: 330_000,
  notes: 'Smile.',
  scene: { layout: 'welcome', text: 'Good evening', countdown: true },
  ...more,
})

describe('a cue in the form', () => {
  it.each([
    cue({}),
    cue({ scene: { layout: 'image', url: '/a.png', alt: 'A chart' }, panels: ['chat'] }),
    cue({ scene: { layout: 'card', text: 'Why boats float', detail: 'Grace Moreau' } }),
    cue({ scene: { layout: 'card' } }),
    cue({ scene: { layout: 'end' }, lowerThird: { title: 'Ann', detail: 'Chair' }, announcement: 'Doors close' }),
    cue({ scene: { layout: 'questions', room: 'room-1' as never, item: '12' }, plannedMs: 5_400_000 }),
  ])('comes out as it went in: $scene.layout', (before) => {
    const body = cueOfDraft(draftOf(before))
    const { id: _, ...same } = before
    expect(body).toEqual(same)
    expect(stage.commands.add.body.safeParse(body).success).toBe(true)
  })

  it('needs no more than a title: attendees see a card with the name of the event', () => {
    expect(cueOfDraft({ ...NEW_CUE, title: 'A' })).toMatchObject({ title: 'A', scene: { layout: 'card' } })
  })

  it('says what is missing', () => {
    expect(cueOfDraft(NEW_CUE)).toMatch(/title/)
    expect(cueOfDraft({ ...NEW_CUE, title: 'A', duration: 'long' })).toMatch(/duration/)
    const picture = { ...NEW_CUE, title: 'A', layout: 'image' } as const
    expect(cueOfDraft(picture)).toMatch(/picture/)
    expect(cueOfDraft({ ...picture, url: 'https://x.example/a.png' })).toMatch(/shows/)
    expect(cueOfDraft({ ...NEW_CUE, title: 'A', layout: 'poll' })).toMatch(/room/)
  })
})
