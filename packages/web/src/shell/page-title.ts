import { useEffect } from 'react'

/** Names the browser's tab while the calling page is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Plenary' : `${title} · Plenary`
  }, [title])
}
