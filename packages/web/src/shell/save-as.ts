/** How long a browser may take to begin saving. */
const KEPT_MS = 60_000

/** Saves what is in memory as a file of this name. */
export function saveAs(file: Blob, name: string): void {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(file)
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(anchor.href), KEPT_MS)
}
