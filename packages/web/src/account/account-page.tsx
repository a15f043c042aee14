import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useClient } from '../shell/client-provider.tsx'
import { Frame } from '../shell/frame.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { NodeLine } from '../shell/node-line.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { Queries } from '../shell/queries.tsx'
import { signedIn } from './auth-calls.ts'
import { SignInForm } from './sign-in-form.tsx'
import { SignedIn } from './signed-in.tsx'
import styles from './account.module.css'

/** Signing up, signing in, and what an account is good for. Nobody needs one. */
export function AccountPage() {
  usePageTitle('Account')
  return (
    <Queries>
      <Frame footer={<NodeLine />} account={false}>
        <Account />
      </Frame>
    </Queries>
  )
}

function Account() {
  const { data, error, isPending, refetch } = useQuery(signedIn(useClient()))
  if (isPending) return <div className={styles.skeleton} role="status" aria-label="Loading" />
  if (error)
    return (
      <div className={styles.card}>
        <h1>Account</h1>
        <InlineFailure error={error}>
          <Button size="sm" variant="subtle" onClick={() => void refetch()}>
            Try again
          </Button>
        </InlineFailure>
      </div>
    )
  return data ? <SignedIn account={data} /> : <SignInForm />
}
