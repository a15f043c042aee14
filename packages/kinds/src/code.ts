/** What an event's code is made of, once it is in capitals. */
export const CODE = /^[A-Z0-9](?:[A-Z0-9-]{2,22})[A-Z0-9]$/

/** Whether this can be an event's code, as people type it. */
export function isCode(text: string): boolean {
  return CODE.test(text.trim().toUpperCase())
}
