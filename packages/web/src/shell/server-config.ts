import { queryOptions } from '@tanstack/react-query'
import type { api } from '@plenary/kinds'
import type { Client } from '@plenary/client'

/** What the server says about itself: version, node, and the ways in which one can sign in. */
export const serverConfig = (client: Client) =>
  queryOptions({
    queryKey: ['config'],
    queryFn: () => client.http.get<api.ConfigAnswer>('/api/config', { bearer: null }),
    staleTime: 60_000,
  })
