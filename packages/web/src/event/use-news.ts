import { useState } from 'react'

/** Whether something newer is there than when the place was last looked at; `newest` rises with what is new. */
export function useNews(newest: number | null, looking: boolean): boolean {
  const [seen, setSeen] = useState<number | null>(null)
  // What was there before this page was opened is no news.
  if (newest !== null && seen !== newest && (looking || seen === null)) setSeen(newest)
  return seen !== null && newest !== null && newest > seen && !looking
}
