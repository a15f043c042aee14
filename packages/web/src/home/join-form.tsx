import { Button, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isCode } from '@plenary/kinds'
import styles from './home.module.css'
import type { SubmitEvent } from 'react'

/** The code leads to the event's own page, which asks for the name. */
export function JoinForm() {
  const navigate = useNavigate()
  const [code, setCode] = useState('')
  const [error, setError] = useState<string>()
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wanted = code.trim().toUpperCase()
    if (isCode(wanted)) void navigate({ to: '/e/$code', params: { code: wanted } })
    else setError('A code is 4 to 24 letters, digits or dashes.')
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        className={styles.code}
        label="Code"
        placeholder="ABCD12"
        value={code}
        onChange={(event) => {
          setCode(event.currentTarget.value)
          setError(undefined)
        }}
        error={error}
        maxLength={24}
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
      />
      <Button type="submit" size="lg" variant="light">
        Join
      </Button>
    </form>
  )
}
