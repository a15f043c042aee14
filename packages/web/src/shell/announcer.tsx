import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import styles from './announcer.module.css'
import type { ReactNode } from 'react'

/** How long a notice stays to be read, in milliseconds. */
const TOAST_MS = 6_000
/** How long a sentence stays in the live region, in milliseconds; readers take it up at once. */
const SPOKEN_MS = 1_500
/** The most notices on the screen at once; the oldest gives way. */
const TOASTS_MAX = 3

interface Speech {
  /** Told to screen readers only, politely. */
  announce(text: string): void
  /** Shown for a moment, and told. */
  toast(text: string): void
}

const SpeechContext = createContext<Speech | null>(null)

/** Gives every part below it one live region and one place for passing notices. */
export function Announcer({ children }: { children: ReactNode }) {
  const [spoken, setSpoken] = useState('')
  const [toasts, setToasts] = useState<{ id: number; text: string }[]>([])
  const nextId = useRef(0)

  const announce = useCallback((text: string) => setSpoken(text), [])
  // Emptied once told: the same sentence can then be told again, and is not found again by reading on.
  useEffect(() => {
    if (spoken === '') return
    const timer = setTimeout(() => setSpoken(''), SPOKEN_MS)
    return () => clearTimeout(timer)
  }, [spoken])
  const toast = useCallback((text: string) => {
    const id = nextId.current++
    setToasts((list) => [...list.filter((other) => other.text !== text), { id, text }].slice(-TOASTS_MAX))
    setTimeout(() => setToasts((list) => list.filter((other) => other.id !== id)), TOAST_MS)
  }, [])
  const speech = useMemo(() => ({ announce, toast }), [announce, toast])

  return (
    <SpeechContext value={speech}>
      {children}
      <div className={styles.hidden} aria-live="polite" aria-atomic="true">
        {spoken}
      </div>
      <div className={styles.toasts} aria-live="polite">
        {toasts.map(({ id, text }) => (
          <p key={id} className={styles.toast}>
            {text}
          </p>
        ))}
      </div>
    </SpeechContext>
  )
}

/** Throws when used outside `Announcer`. */
export function useSpeech(): Speech {
  const speech = use(SpeechContext)
  if (!speech) throw new Error('useSpeech needs an Announcer above it.')
  return speech
}
