import { useQuery } from '@tanstack/react-query'
import { serverConfig } from './server-config.ts'
import { useClient } from './client-provider.tsx'

/** Which node served this page; nothing while that is unknown. */
export function NodeLine() {
  const { data } = useQuery(serverConfig(useClient()))
  return data ? (
    <p>
      Plenary {data.version} · {data.node} · zone {data.zone}
    </p>
  ) : null
}
