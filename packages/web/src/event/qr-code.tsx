import { create } from 'qrcode'
import { useMemo } from 'react'

/** Light modules around the picture; readers ask for four. */
const QUIET = 4

/** A QR code as a drawing. Always dark on white: many readers cannot do it the other way round. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' })
    let drawn = ''
    for (let row = 0; row < modules.size; row++) {
      for (let column = 0; column < modules.size; column++) {
        if (modules.get(row, column)) drawn += `M${column + QUIET} ${row + QUIET}h1v1h-1z`
      }
    }
    return { size: modules.size + 2 * QUIET, path: drawn }
  }, [text])
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      width={240}
      height={240}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#10201b" />
    </svg>
  )
}
