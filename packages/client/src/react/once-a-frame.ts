type Subscribe = (listener: () => void) => () => void

/**
 * Tells a listener of changes once a frame at most, however many there are, so that a busy room costs a page one drawing
 * for each picture that the screen shows. A page that nobody sees is told when it is seen again.
 */
export function onceAFrame(subscribe: Subscribe): Subscribe {
  return (listener) => {
    let frame: number | null = null
    const stop = subscribe(() => {
      frame ??= requestAnimationFrame(() => {
        frame = null
        listener()
      })
    })
    return () => {
      stop()
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }
}
