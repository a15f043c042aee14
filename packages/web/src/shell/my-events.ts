import { queryOptions } from '@tanstack/react-query'
import type { api } from '@plenary/kinds'
import type { Client } from '@plenary/client'

/** The events in which the holder of this device's pass has a role. */
export const myEvents = (client: Client) =>
  queryOptions({
    queryKey: ['my-events', client.pass()],
    queryFn: () => client.http.get<{ events: api.MyEvent[] }>('/api/events'),
  })
