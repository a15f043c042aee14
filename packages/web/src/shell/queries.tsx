import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { PlenaryError } from '@plenary/kinds'
import type { ReactNode } from 'react'

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A final refusal stays one; only what may pass is asked again.
      retry: (failures, error) => failures < 2 && error instanceof PlenaryError && error.temporary,
    },
  },
})

/** Gives the pages that read over HTTP their cache; the play page lives on its socket and does without. */
export function Queries({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
}
