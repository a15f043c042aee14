import { Button, TextInput } from '@mantine/core'
import { LIMITS } from '@plenary/kinds'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Hall } from '../shell/hall.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { lastName } from '../shell/known-events.ts'
import { Mark } from '../shell/mark.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import styles from './join.module.css'
import type { SubmitEvent } from 'react'

interface JoinPageProps {
  title: string
  code: string
  join(name: string): Promise<void>
}

/** The door: what this is, one field, one button, all within a thumb's reach. */
export function JoinPage({ title, code, join }: JoinPageProps) {
  usePageTitle(title)
  const [name, setName] = useState(lastName)
  const [state, setState] = useState<{ step: 'asking' | 'going' } | { step: 'failed'; error: unknown }>({
    step: 'asking',
  })
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wanted = name.trim()
    if (wanted === '' || state.step === 'going') return
    setState({ step: 'going' })
    join(wanted).catch((error: unknown) => setState({ step: 'failed', error }))
  }
  return (
    <main className={styles.page}>
      <header className={styles.top}>
        <Link to="/" className={styles.brand} aria-label="Plenary, start">
          <Mark size={28} />
        </Link>
        <code data-testid="event-code">{code}</code>
      </header>
      <div className={styles.welcome}>
        <div className={styles.hall}>
          <Hall rows={4} taken={34} lively />
        </div>
        <p>You are invited to</p>
        <h1>{title}</h1>
      </div>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label="Your name"
          description="Everyone here will see it."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={LIMITS.nameChars}
          autoComplete="nickname"
          autoCapitalize="words"
          enterKeyHint="go"
          required
          withAsterisk={false}
        />
        {state.step === 'failed' ? <InlineFailure error={state.error} /> : null}
        <Button type="submit" size="lg" fullWidth loading={state.step === 'going'}>
          Join
        </Button>
        <p className={styles.note}>No account, no app. Your place is kept on this device.</p>
      </form>
    </main>
  )
}
