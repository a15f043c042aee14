/**
 * Whether a page of this origin may talk to this server: its own pages, at the public address or at whatever address they were
 * loaded from. Without an `Origin` it is no page of a browser that asks, and there is no cookie of somebody else to abuse.
 */
export function originPolicy(publicUrl: string | undefined) {
  return (origin: string | undefined, host: string | undefined): boolean => {
    if (origin === undefined) return true
    if (publicUrl !== undefined && origin === publicUrl) return true
    const from = URL.parse(origin)
    return (
      from !== null &&
      host !== undefined &&
      (from.protocol === 'http:' || from.protocol === 'https:') &&
      from.host === host.toLowerCase()
    )
  }
}
