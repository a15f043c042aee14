import { Button, TextInput } from '@mantine/core'
import { isCode, LIMITS, PlenaryError } from '@plenary/kinds'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { remember } from '../shell/known-events.ts'
import { changeEvent } from './event-calls.ts'
import styles from './settings.module.css'
import type { api } from '@plenary/kinds'
import type { EventChange } from './event-calls.ts'
import type { SubmitEvent } from 'react'

interface EventFormProps {
  event: api.EventInfo
  onChanged(event: api.EventInfo): void
}

/** Title and code. A code that is taken is said at its field. */
export function EventForm({ event, onChanged }: EventFormProps) {
  const client = useClient()
  const navigate = useNavigate()
  const { toast } = useSpeech()
  const [title, setTitle] = useState(event.title)
  const [code, setCode] = useState(event.code)
  const save = useMutation({
    mutationFn: (change: EventChange) => changeEvent(client, event.id, change),
    onSuccess: async (changed) => {
      remember(changed)
      toast('Saved.')
      onChanged(changed)
      if (changed.code !== event.code)
        await navigate({ to: '/e/$code/settings', params: { code: changed.code }, replace: true })
    },
  })
  const taken = save.error instanceof PlenaryError && save.error.code === 'conflict'
  const newTitle = title.trim()
  const newCode = code.trim().toUpperCase()
  const change: EventChange = {
    ...(newTitle !== event.title && newTitle !== '' ? { title: newTitle } : {}),
    ...(newCode !== event.code ? { code: newCode } : {}),
  }
  const codeError = taken
    ? 'Another event has this code.'
    : isCode(code)
      ? undefined
      : 'A code is 4 to 24 letters, digits or dashes.'
  const unchanged = Object.keys(change).length === 0
  const submit = (submitted: SubmitEvent<HTMLFormElement>) => {
    submitted.preventDefault()
    if (!unchanged && newTitle !== '' && isCode(code)) save.mutate(change)
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        label="Title"
        value={title}
        onChange={(changed) => setTitle(changed.currentTarget.value)}
        maxLength={LIMITS.titleChars}
        error={newTitle === '' ? 'An event needs a title.' : undefined}
        autoComplete="off"
      />
      <TextInput
        className={styles.code}
        label="Code"
        description="Links with the old code stop working."
        value={code}
        onChange={(changed) => {
          setCode(changed.currentTarget.value)
          save.reset()
        }}
        maxLength={24}
        error={codeError}
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
      />
      {save.isError && !taken ? <InlineFailure error={save.error} /> : null}
      <Button type="submit" className={styles.save} loading={save.isPending} disabled={unchanged}>
        Save
      </Button>
    </form>
  )
}
