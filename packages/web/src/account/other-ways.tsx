import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { providerPage, sendMagicLink } from './auth-calls.ts'
import styles from './account.module.css'
import type { api } from '@plenary/kinds'

/** A link by e-mail, and other identity providers, as far as this installation has them. */
export function OtherWays({ ways, email }: { ways: api.ConfigAnswer['accounts']; email: string }) {
  const client = useClient()
  const link = useMutation({ mutationFn: () => sendMagicLink(client, email) })
  const provider = useMutation({
    mutationFn: (id: string) => providerPage(client, id),
    onSuccess: (url) => location.assign(url),
  })
  if (!ways.magicLink && ways.oidc.length === 0) return null
  return (
    <div className={styles.ways}>
      <p className={styles.or}>or</p>
      {ways.magicLink ? (
        <Button
          variant="default"
          disabled={!email.includes('@')}
          loading={link.isPending}
          onClick={() => link.mutate()}
        >
          E-mail me a link
        </Button>
      ) : null}
      {link.isSuccess ? <p role="status">A link is on its way to {email}. It works for ten minutes.</p> : null}
      {ways.oidc.map(({ id, name }) => (
        <Button key={id} variant="default" loading={provider.isPending} onClick={() => provider.mutate(id)}>
          Sign in with {name}
        </Button>
      ))}
      {link.isError ? <InlineFailure error={link.error} /> : null}
      {provider.isError ? <InlineFailure error={provider.error} /> : null}
    </div>
  )
}
