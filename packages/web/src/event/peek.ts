import type { api } from '@plenary/kinds'
import type { Client } from '@plenary/client'

/** What anyone with the code may know: title and whether it is open. Throws `PlenaryError`; `not_found` for a wrong code. */
export function peekAt(client: Client, code: string): Promise<api.PeekAnswer> {
  return client.http.get<api.PeekAnswer>(`/api/codes/${encodeURIComponent(code.toUpperCase())}`, { bearer: null })
}
