import { Button, PasswordInput, TextInput } from '@mantine/core'
import { LIMITS } from '@plenary/kinds'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { lastName } from '../shell/known-events.ts'
import { serverConfig } from '../shell/server-config.ts'
import { signIn, signUp, signedIn } from './auth-calls.ts'
import { OtherWays } from './other-ways.tsx'
import styles from './account.module.css'
import type { SubmitEvent } from 'react'

/** As the server wants it. */
const PASSWORD_CHARS_MIN = 10

/** Signs in or up by e-mail and password, or in the other ways that this installation offers. */
export function SignInForm() {
  const client = useClient()
  const queries = useQueryClient()
  const config = useQuery(serverConfig(client))
  const [isNew, setIsNew] = useState(false)
  const [name, setName] = useState(lastName)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: () =>
      isNew ? signUp(client, { name: name.trim(), email, password }) : signIn(client, { email, password }),
    onSuccess: () => queries.invalidateQueries({ queryKey: signedIn(client).queryKey }),
  })
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!enter.isPending) enter.mutate()
  }
  return (
    <div className={styles.columns}>
      <div className={styles.words}>
        <h1>{isNew ? 'Make an account' : 'Sign in'}</h1>
        <p>
          You do not need an account to run an event or to join one: this device keeps your place. With an account, the
          events you run follow you to every device, and survive a lost phone.
        </p>
      </div>
      <div className={styles.card}>
        <form className={styles.form} onSubmit={submit}>
          {isNew ? (
            <TextInput
              label="Name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={LIMITS.nameChars}
              required
              withAsterisk={false}
              autoComplete="name"
            />
          ) : null}
          <TextInput
            label="E-mail"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            required
            withAsterisk={false}
            autoComplete="username"
          />
          <PasswordInput
            label="Password"
            {...(isNew
              ? { description: `At least ${PASSWORD_CHARS_MIN} characters.`, minLength: PASSWORD_CHARS_MIN }
              : {})}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            withAsterisk={false}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
          />
          {enter.isError ? <InlineFailure error={enter.error} /> : null}
          <Button type="submit" size="lg" loading={enter.isPending}>
            {isNew ? 'Sign up' : 'Sign in'}
          </Button>
        </form>
        {config.data ? <OtherWays ways={config.data.accounts} email={email} /> : null}
        <Button
          variant="subtle"
          onClick={() => {
            setIsNew(!isNew)
            enter.reset()
          }}
        >
          {isNew ? 'I have an account' : 'I am new here'}
        </Button>
      </div>
    </div>
  )
}
