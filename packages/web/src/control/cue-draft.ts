import { parseDuration } from './time-text.ts'
import type { Layout } from './layouts.ts'
import type { CommandsOf, Cue, InputOf, Panel } from '@plenary/kinds'
import type { stage } from '@plenary/kinds/client'

export type AddCue = InputOf<CommandsOf<typeof stage>['add']>
type SceneBody = AddCue['scene']

/** A cue as it stands in the form: all texts, whatever the layout. */
export interface CueDraft {
  title: string
  duration: string
  notes: string
  layout: Layout
  text: string
  detail: string
  countdown: boolean
  url: string
  alt: string
  room: string
  item: string
  lowerTitle: string
  lowerDetail: string
  announcement: string
  /** Null: as they are. */
  panels: Panel[] | null
}

export const NEW_CUE: CueDraft = {
  title: '',
  duration: '5:00',
  notes: '',
  layout: 'card',
  text: '',
  detail: '',
  countdown: false,
  url: '',
  alt: '',
  room: '',
  item: '',
  lowerTitle: '',
  lowerDetail: '',
  announcement: '',
  panels: null,
}

function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

export function draftOf({ title, plannedMs, notes, scene, lowerThird, announcement, panels }: Cue): CueDraft {
  return {
    ...NEW_CUE,
    title,
    duration: durationText(plannedMs),
    notes,
    layout: scene.layout,
    text: scene.text ?? '',
    detail: 'detail' in scene ? (scene.detail ?? '') : '',
    countdown: 'countdown' in scene && (scene.countdown ?? false),
    url: 'url' in scene ? scene.url : 'video' in scene ? scene.video.url : '',
    alt: 'alt' in scene ? scene.alt : '',
    room: 'room' in scene ? scene.room : '',
    item: 'item' in scene ? (scene.item ?? '') : '',
    lowerTitle: lowerThird?.title ?? '',
    lowerDetail: lowerThird?.detail ?? '',
    announcement: announcement ?? '',
    panels: panels ?? null,
  }
}

/** The draft as a command, or what is wrong with it. */
export function cueOfDraft(draft: CueDraft): AddCue | string {
  const plannedMs = parseDuration(draft.duration)
  if (draft.title.trim() === '') return 'A cue needs a title.'
  if (plannedMs === null) return 'A duration is minutes, or minutes and seconds, like 5:30.'
  const scene = sceneOf(draft)
  if (typeof scene === 'string') return scene
  const [title, detail] = [draft.lowerTitle.trim(), draft.lowerDetail.trim()]
  return {
    title: draft.title,
    plannedMs,
    notes: draft.notes.trim(),
    scene,
    ...(title === '' ? {} : { lowerThird: { title, ...(detail === '' ? {} : { detail }) } }),
    ...(draft.announcement.trim() === '' ? {} : { announcement: draft.announcement.trim() }),
    ...(draft.panels === null ? {} : { panels: draft.panels }),
  }
}

function sceneOf({ layout, text: words, detail, countdown, url, alt, room, item }: CueDraft): SceneBody | string {
  const text = words.trim() === '' ? {} : { text: words.trim() }
  switch (layout) {
    case 'welcome':
    case 'break':
      return { layout, ...text, ...(countdown ? { countdown } : {}) }
    case 'card':
      return { layout, ...text, ...(detail.trim() === '' ? {} : { detail: detail.trim() }) }
    case 'video':
      return url.trim() === '' ? 'Paste the link of the video.' : { layout, ...text, url }
    case 'image':
      if (url.trim() === '') return 'Paste the link of the picture.'
      return alt.trim() === '' ? 'Say in a few words what the picture shows.' : { layout, ...text, url, alt }
    case 'poll':
    case 'questions':
    case 'document':
    case 'game':
      if (room === '') return 'This event has no such room yet.'
      return { layout, ...text, room, ...(item === '' ? {} : { item }) }
    case 'end':
      return { layout, ...text }
  }
}
