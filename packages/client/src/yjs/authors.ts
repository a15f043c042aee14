import { fromBase64Url } from '@plenary/kinds/base64url'
import type { DocumentContent, Person, YUpdate } from '@plenary/kinds/document'
import * as Y from 'yjs'

/** Whose each Yjs client id is, as the room says. */
export class Authors {
  readonly #people = new Map<number, Person>()

  begin({ sessions, people }: DocumentContent): void {
    for (const [client, index] of Object.entries(sessions)) {
      const person = people[index]
      if (person !== undefined) this.#people.set(Number(client), person)
    }
  }

  /** Sessions that nobody had yet are the author's. */
  note(update: YUpdate, { id, name }: Person): void {
    const bytes = fromBase64Url(update)
    if (bytes === null) return
    for (const client of Y.parseUpdateMeta(bytes).to.keys()) {
      if (!this.#people.has(client)) this.#people.set(client, { id, name })
    }
  }

  of(client: number): Person | null {
    return this.#people.get(client) ?? null
  }
}
