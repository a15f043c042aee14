import { createClient } from '@plenary/client'
import { createContext, use, useState } from 'react'
import { nudgeableRuntime } from './nudge.ts'
import type { Client } from '@plenary/client'
import type { ReactNode } from 'react'

const ClientContext = createContext<Client | null>(null)

/** The one client of this page, for the origin that served it. */
export function ClientProvider({ children }: { children: ReactNode }) {
  const [client] = useState(() => createClient({ url: location.origin, runtime: nudgeableRuntime }))
  return <ClientContext value={client}>{children}</ClientContext>
}

/** Throws when used outside `ClientProvider`. */
export function useClient(): Client {
  const client = use(ClientContext)
  if (!client) throw new Error('useClient needs a ClientProvider above it.')
  return client
}
