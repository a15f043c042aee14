import { PANELS } from '@plenary/kinds'
import { useCallback, useState } from 'react'
import type { Panel } from '@plenary/kinds'

/** The panel that was chosen last, kept for this tab of the browser, so that it is the same one after a reload. */
export function usePanel(event: string): [Panel | null, (panel: Panel) => void] {
  const key = `plenary-web.panel.${event}`
  const [chosen, setChosen] = useState(() => read(key))
  const choose = useCallback(
    (panel: Panel) => {
      setChosen(panel)
      write(key, panel)
    },
    [key],
  )
  return [chosen, choose]
}

function read(key: string): Panel | null {
  try {
    const stored = sessionStorage.getItem(key)
    return PANELS.find((panel) => panel === stored) ?? null
  } catch {
    // Storage forbidden: the choice lives as long as the page.
    return null
  }
}

function write(key: string, panel: Panel): void {
  try {
    sessionStorage.setItem(key, panel)
  } catch {
    // Storage forbidden or full: the choice lives as long as the page.
  }
}
