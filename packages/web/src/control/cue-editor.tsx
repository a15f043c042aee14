import { PANELS, STAGE_LIMITS } from '@plenary/kinds'
import { useState } from 'react'
import { failureText } from '../shell/failure-text.ts'
import { cueOfDraft, draftOf, NEW_CUE, type AddCue, type CueDraft } from './cue-draft.ts'
import { LAYOUTS, PANEL_NAMES, roomsFor, type Layout } from './layouts.ts'
import { KeyButton } from './key-button.tsx'
import { RoomDialog } from './room-dialog.tsx'
import { SaveButton } from './save-button.tsx'
import styles from './form.module.css'
import type { SubmitEvent } from 'react'
import type { api, Cue } from '@plenary/kinds'

/** One thing of a room that a cue can be about, such as a poll. */
export interface Item {
  id: string
  title: string
}

interface CueEditorProps {
  /** None: a new one. */
  cue: Cue | null
  event: api.EventInfo
  /** What there is in the room that a layout shows. */
  itemsOf(layout: Layout): readonly Item[]
  save(body: AddCue): Promise<unknown>
  onClose(): void
}

/** All of a cue: what those who run the evening read, and what attendees see. */
export function CueEditor({ cue, event, itemsOf, save, onClose }: CueEditorProps) {
  const [draft, setDraft] = useState<CueDraft>(() => (cue === null ? NEW_CUE : draftOf(cue)))
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const change = (part: Partial<CueDraft>) => {
    setDraft((before) => ({ ...before, ...part }))
    setProblem(null)
  }
  const choose = (layout: Layout) => {
    const rooms = roomsFor(layout, event.rooms)
    change({ layout, room: rooms?.[0]?.id ?? '', item: '' })
  }
  const submit = (submitted: SubmitEvent<HTMLFormElement>) => {
    submitted.preventDefault()
    const body = cueOfDraft(draft)
    if (typeof body === 'string') return setProblem(body)
    setSaving(true)
    save(body).then(onClose, (error: unknown) => {
      setSaving(false)
      setProblem(failureText(error))
    })
  }
  const { layout } = draft
  const layouts = (Object.keys(LAYOUTS) as Layout[]).filter(
    (one) => one === layout || roomsFor(one, event.rooms)?.length !== 0,
  )
  const rooms = roomsFor(layout, event.rooms) ?? []
  const items = itemsOf(layout)
  return (
    <RoomDialog title={cue === null ? 'Add a cue' : 'Edit the cue'} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <div className={styles.row}>
          <label className={styles.field}>
            <span>Title</span>
            <input
              value={draft.title}
              maxLength={STAGE_LIMITS.titleChars}
              onChange={({ currentTarget }) => change({ title: currentTarget.value })}
              required
            />
          </label>
          <label className={styles.field}>
            <span>Duration</span>
            <input
              value={draft.duration}
              inputMode="numeric"
              placeholder="5:00"
              onChange={({ currentTarget }) => change({ duration: currentTarget.value })}
            />
          </label>
        </div>
        <div className={styles.two}>
          <label className={styles.field}>
            <span>Attendees see</span>
            <select value={layout} onChange={({ currentTarget }) => choose(currentTarget.value as Layout)}>
              {layouts.map((one) => (
                <option key={one} value={one}>
                  {LAYOUTS[one]}
                </option>
              ))}
            </select>
          </label>
          <label className={styles.field}>
            <span>{layout === 'card' ? 'Heading' : 'Heading over it'}</span>
            <input
              value={draft.text}
              placeholder={layout === 'card' ? event.title : undefined}
              maxLength={STAGE_LIMITS.lineChars}
              onChange={({ currentTarget }) => change({ text: currentTarget.value })}
            />
          </label>
        </div>
        {layout === 'card' ? (
          <label className={styles.field}>
            <span>Under the heading</span>
            <input
              value={draft.detail}
              placeholder="Who speaks, or what it is about"
              maxLength={STAGE_LIMITS.lineChars}
              onChange={({ currentTarget }) => change({ detail: currentTarget.value })}
            />
          </label>
        ) : null}
        {layout === 'welcome' || layout === 'break' ? (
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={draft.countdown}
              onChange={({ currentTarget }) => change({ countdown: currentTarget.checked })}
            />
            Count down to the end of the planned time
          </label>
        ) : null}
        {layout === 'video' || layout === 'image' ? (
          <label className={styles.field}>
            <span>{layout === 'video' ? 'Link of the video' : 'Link of the picture'}</span>
            <input
              value={draft.url}
              inputMode="url"
              placeholder="https://"
              maxLength={STAGE_LIMITS.linkChars}
              onChange={({ currentTarget }) => change({ url: currentTarget.value })}
            />
          </label>
        ) : null}
        {layout === 'image' ? (
          <label className={styles.field}>
            <span>What it shows, for those who cannot see it</span>
            <input
              value={draft.alt}
              maxLength={STAGE_LIMITS.lineChars}
              onChange={({ currentTarget }) => change({ alt: currentTarget.value })}
            />
          </label>
        ) : null}
        {rooms.length > 1 ? (
          <label className={styles.field}>
            <span>Which one</span>
            <select value={draft.room} onChange={({ currentTarget }) => change({ room: currentTarget.value })}>
              {rooms.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        {items.length > 0 ? (
          <label className={styles.field}>
            <span>About</span>
            <select value={draft.item} onChange={({ currentTarget }) => change({ item: currentTarget.value })}>
              <option value="">Whatever is open</option>
              {items.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <label className={styles.field}>
          <span>Notes, for staff and speakers</span>
          <textarea
            rows={2}
            value={draft.notes}
            maxLength={STAGE_LIMITS.notesChars}
            onChange={({ currentTarget }) => change({ notes: currentTarget.value })}
          />
        </label>
        <details className={styles.more} open={hasMore(draft)}>
          <summary>Lower third, announcement, open panels</summary>
          <div className={styles.form}>
            <div className={styles.two}>
              <label className={styles.field}>
                <span>Lower third</span>
                <input
                  value={draft.lowerTitle}
                  placeholder="Name"
                  maxLength={STAGE_LIMITS.lineChars}
                  onChange={({ currentTarget }) => change({ lowerTitle: currentTarget.value })}
                />
              </label>
              <label className={styles.field}>
                <span>Its second line</span>
                <input
                  value={draft.lowerDetail}
                  maxLength={STAGE_LIMITS.lineChars}
                  onChange={({ currentTarget }) => change({ lowerDetail: currentTarget.value })}
                />
              </label>
            </div>
            <label className={styles.field}>
              <span>Announcement to pin with it</span>
              <input
                value={draft.announcement}
                maxLength={STAGE_LIMITS.announcementChars}
                onChange={({ currentTarget }) => change({ announcement: currentTarget.value })}
              />
            </label>
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={draft.panels !== null}
                onChange={({ currentTarget }) =>
                  change({ panels: currentTarget.checked ? ['chat', 'questions', 'polls'] : null })
                }
              />
              Change which panels are open
            </label>
            {draft.panels === null ? null : (
              <fieldset className={styles.set}>
                <legend className={styles.legend}>Open from this cue on</legend>
                {PANELS.map((panel) => (
                  <label key={panel} className={styles.check}>
                    <input
                      type="checkbox"
                      checked={draft.panels?.includes(panel) ?? false}
                      onChange={({ currentTarget }) => {
                        const others = draft.panels?.filter((other) => other !== panel) ?? []
                        change({ panels: currentTarget.checked ? [...others, panel] : others })
                      }}
                    />
                    {PANEL_NAMES[panel]}
                  </label>
                ))}
              </fieldset>
            )}
          </div>
        </details>
        {problem === null ? null : (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        )}
        <div className={styles.buttons}>
          <KeyButton kind="quiet" onPress={onClose}>
            Cancel
          </KeyButton>
          <SaveButton busy={saving}>{cue === null ? 'Add' : 'Save'}</SaveButton>
        </div>
      </form>
    </RoomDialog>
  )
}

function hasMore({ lowerTitle, announcement, panels }: CueDraft): boolean {
  return lowerTitle !== '' || announcement !== '' || panels !== null
}
