import { useEffect, useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { isOwnName, originForOthers } from './origin-for-others.ts'
import type { api } from '@plenary/kinds'

/** Where others come in. Asked of the server only by a page that was opened on the server's own machine. */
export function useInviteOrigin(): string {
  const client = useClient()
  const [reachableAt, setReachableAt] = useState<readonly string[]>([])
  useEffect(() => {
    if (!isOwnName(location.hostname)) return
    let gone = false
    client.http.get<api.ConfigAnswer>('/api/config', { bearer: null }).then(
      (config) => gone || setReachableAt(config.reachableAt),
      // Without an answer the page's own address is the best there is.
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [client])
  return originForOthers(location, reachableAt)
}
