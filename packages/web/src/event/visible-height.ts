import { useEffect } from 'react'
import type { RefObject } from 'react'

/** A part of the screen this high, in pixels, is taken by nothing else than a keyboard. */
const KEYBOARD_PX = 120

/**
 * Fits an element above the keyboard on devices that lay it over the page instead of making the page shorter, so that the
 * field one types into stays in sight.
 */
export function useVisibleHeight(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const visible = window.visualViewport
    if (!visible) return
    const fit = () => {
      const style = element.current?.style
      if (!style) return
      // Zoomed in, the visible part is small for another reason.
      const covered = visible.scale === 1 && window.innerHeight - visible.height > KEYBOARD_PX
      style.height = covered ? `${visible.height}px` : ''
      if (covered) window.scrollTo(0, 0)
    }
    visible.addEventListener('resize', fit)
    return () => visible.removeEventListener('resize', fit)
  }, [element])
}
