import { useEffect, useState } from 'react'

/** What is typed and not sent, kept on this device under its room, so that a reload does not lose it. */
export function useDraft(room: string): [string, (text: string) => void] {
  const key = `plenary-web.draft.${room}`
  const [text, setText] = useState(() => read(key))
  useEffect(() => {
    const timer = setTimeout(() => write(key, text), WRITE_MS)
    // Leaving in mid-word still keeps the word.
    const now = () => write(key, text)
    addEventListener('pagehide', now)
    return () => {
      clearTimeout(timer)
      removeEventListener('pagehide', now)
    }
  }, [key, text])
  return [text, setText]
}

/** Milliseconds between the last key and the writing. */
const WRITE_MS = 250

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    // Storage forbidden: drafts then live as long as the page.
    return ''
  }
}

function write(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // Storage forbidden or full: drafts then live as long as the page.
  }
}
