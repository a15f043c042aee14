/** Where a link may lead: nowhere that runs something. Null for an address that is not taken. */
export function safeHref(href: string): string | null {
  const trimmed = href.trim()
  // Browsers ignore these inside a scheme, so that `java\nscript:` is one.
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(trimmed.replaceAll(/[\u0000-\u0020]/g, ''))?.[1]?.toLowerCase()
  if (trimmed === '') return null
  return scheme === undefined || ['http', 'https', 'mailto', 'tel'].includes(scheme) ? trimmed : null
}

/** Whether an image of this address may be shown: our own, or inside the address itself. */
export const isOwnImage = (src: string) =>
  /^\/(?!\/)/.test(src) || /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=]+$/i.test(src)
