import type { Refusal } from '../kind.ts'
import type { SceneInput, StageCommandBody, StageSettings } from './commands.ts'
import type { Cue, CueId, Scene } from './model.ts'
import { PROVIDERS, videoOf } from './video.ts'

/** Cues as they are asked for, and as the rundown keeps them. */

const NOT_EMBEDDABLE: Refusal = {
  refused: 'video_not_allowed',
  message: `Videos can be embedded from ${PROVIDERS.map(({ name }) => name).join(', ')}; that link is not one of theirs.`,
}

function sceneOf(input: SceneInput, peertube: readonly string[]): Scene | Refusal {
  if (input.layout !== 'video') return kept(input)
  const { layout, text, url } = input
  const video = videoOf(url, peertube)
  return video === null ? NOT_EMBEDDABLE : { layout, ...(text === undefined ? {} : { text }), video }
}

/** Without the members that are undefined, as the log will have it. */
function kept<T extends object>(value: T): Kept<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Kept<T>
}
type Kept<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** A new cue, or why there cannot be one like that. */
export function cueOf(
  id: CueId,
  { scene: input, lowerThird, ...body }: Omit<StageCommandBody<'add'>, 'before'>,
  peertube: readonly string[],
): Cue | Refusal {
  const scene = sceneOf(input, peertube)
  if ('refused' in scene) return scene
  return kept({ id, ...body, scene, ...(lowerThird === undefined ? {} : { lowerThird: kept(lowerThird) }) })
}

/** The rundown that a stage begins with, as far as its videos may be embedded. */
export function firstCues(given: StageSettings['cues'], peertube: readonly string[]): Cue[] {
  return given.flatMap(({ id, ...body }) => {
    const cue = cueOf(id, body, peertube)
    return 'refused' in cue ? [] : [cue]
  })
}

/** The cue with what was asked to be other, or why it cannot be like that. */
export function editedCue(before: Cue, body: StageCommandBody<'edit'>, peertube: readonly string[]): Cue | Refusal {
  const { cue: _, scene: input, lowerThird, announcement, panels, ...plain } = body
  const scene = input === undefined ? before.scene : sceneOf(input, peertube)
  if ('refused' in scene) return scene
  const optional = {
    lowerThird: lowerThird === undefined ? before.lowerThird : lowerThird === null ? undefined : kept(lowerThird),
    announcement: announcement === undefined ? before.announcement : (announcement ?? undefined),
    panels: panels === undefined ? before.panels : (panels ?? undefined),
  }
  const { id, title, plannedMs, notes } = { ...before, ...kept(plain) }
  return kept({ id, title, plannedMs, notes, scene, ...optional })
}
