const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** Whether only this machine knows the page's host by that name. */
export function isOwnName(hostname: string): boolean {
  return OWN_NAMES.includes(hostname)
}

/** The origin to invite people to: this page's own, unless only this machine knows it by that name. */
export function originForOthers(page: { origin: string; hostname: string }, reachableAt: readonly string[]): string {
  return isOwnName(page.hostname) ? (reachableAt[0] ?? page.origin) : page.origin
}
