import type { Role } from '@plenary/kinds'

/** Oneself, as the document sees one. */
export interface Writer {
  id: string
  name: string
  role: Role
}
