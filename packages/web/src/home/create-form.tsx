import { Button, TextInput } from '@mantine/core'
import { LIMITS, TEMPLATES, type Template } from '@plenary/kinds'
import { useNavigate } from '@tanstack/react-router'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { lastName, remember } from '../shell/known-events.ts'
import styles from './home.module.css'
import type { SubmitEvent } from 'react'

/** What a template is for, in a few words. */
const TEMPLATE_NAMES: Record<Template, string> = {
  webinar: 'Webinar: a talk, then questions',
  'meet-up': 'Meet-up: two talks and a break',
  class: 'Class: a lesson with checks',
  'game-night': 'Game night: a quiz in rounds',
}

/** One field, one button: a title makes an event, and leads into it with the invitation open. */
export function CreateForm() {
  const client = useClient()
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [template, setTemplate] = useState<Template | ''>('')
  const create = useMutation({
    mutationFn: (wanted: string) => {
      const name = lastName()
      return client.createEvent({
        title: wanted,
        ...(name === '' ? {} : { name }),
        ...(template === '' ? {} : { template }),
      })
    },
    onSuccess: async ({ event }) => {
      remember(event)
      await navigate({ to: '/e/$code', params: { code: event.code }, search: { invite: true } })
    },
  })
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wanted = title.trim()
    if (wanted !== '' && !create.isPending) create.mutate(wanted)
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label="Event title"
        placeholder="Spring town hall"
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={LIMITS.titleChars}
        required
        withAsterisk={false}
        autoComplete="off"
      />
      <label className={styles.template}>
        <span>Begin with</span>
        <select value={template} onChange={(event) => setTemplate(event.currentTarget.value as typeof template)}>
          <option value="">Empty rooms</option>
          {TEMPLATES.map((name) => (
            <option key={name} value={name}>
              {TEMPLATE_NAMES[name]}
            </option>
          ))}
        </select>
      </label>
      {create.isError ? <InlineFailure error={create.error} /> : null}
      <Button type="submit" size="lg" loading={create.isPending}>
        Create event
      </Button>
    </form>
  )
}
