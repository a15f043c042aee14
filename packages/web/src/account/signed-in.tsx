import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { YourEvents } from '../home/your-events.tsx'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { claimDevice, signOut, signedIn } from './auth-calls.ts'
import styles from './account.module.css'
import type { Account } from './auth-calls.ts'

/** Somebody is signed in: the device becomes the account's, and its events are listed. */
export function SignedIn({ account }: { account: Account }) {
  const client = useClient()
  const queries = useQueryClient()
  const claim = useQuery({
    queryKey: ['claim', account.id],
    queryFn: () => claimDevice(client),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const leave = useMutation({
    mutationFn: () => signOut(client),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ['claim'] })
      return queries.invalidateQueries({ queryKey: signedIn(client).queryKey })
    },
  })
  return (
    <>
      <div className={styles.columns}>
        <div className={styles.words}>
          <h1>{account.name}</h1>
          <p>{account.email}</p>
        </div>
        <div className={styles.card}>
          {claim.isPending ? <p role="status">Connecting this device with your account…</p> : null}
          {claim.isError ? (
            <InlineFailure error={claim.error}>
              <Button size="sm" variant="subtle" onClick={() => void claim.refetch()}>
                Try again
              </Button>
            </InlineFailure>
          ) : null}
          {claim.isSuccess ? (
            <p className={styles.done} role="status">
              <IconCheck size={20} stroke={2} aria-hidden="true" />
              This device belongs to your account
            </p>
          ) : null}
          <p className={styles.text}>
            The events that this device ran are your account’s now, with everything in them. Sign in on another device
            and they are there too. Signing out here keeps this device’s place in its events.
          </p>
          {leave.isError ? <InlineFailure error={leave.error} /> : null}
          <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
            Sign out
          </Button>
        </div>
      </div>
      {claim.isSuccess ? <YourEvents /> : null}
    </>
  )
}
