import { useState } from 'react'

/** A choice between a few words, kept on this device. */
export function useDeviceChoice<T extends string>(
  key: string,
  choices: readonly T[],
  otherwise: T,
): [T, (to: T) => void] {
  const [now, setNow] = useState(() => choices.find((choice) => choice === localStorage.getItem(key)) ?? otherwise)
  const choose = (to: T) => {
    localStorage.setItem(key, to)
    setNow(to)
  }
  return [now, choose]
}
