import { api } from '@plenary/kinds'

/** Whether this can be an event's code, by the same schema that the server asks. */
export function isCode(text: string): boolean {
  return api.codeSchema.safeParse(text).success
}
