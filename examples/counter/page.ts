import { createClient } from '@plenary/client'
import type { PlenaryError } from '@plenary/kinds'
import { counter } from './counter.ts'

const show = (id: string, text: string) => {
  const element = document.getElementById(id)
  if (element !== null) element.textContent = text
}
const onClick = (id: string, run: () => void) => document.getElementById(id)?.addEventListener('click', run)

/** With a code in the address one joins that event; without one, a new event is made. */
async function code(): Promise<string> {
  const given = location.hash.slice(1)
  if (given !== '') return given
  const { event } = await client.createEvent({ title: 'Counting together' })
  location.hash = event.code
  return event.code
}

const client = createClient({ url: location.origin })
const session = await client.join({ code: await code(), name: 'Somebody' })
const place = session.event.rooms.find(({ kind }) => kind === counter.name)
if (place === undefined) throw new Error('The event has no counter.')
const room = session.room(counter, place.id)

room.subscribe(() => {
  const { view, mine } = room.snapshot
  show('total', String(view?.total ?? '…'))
  show('mine', `Your own part: ${mine?.total ?? 0}`)
})
session.subscribe(() => {
  const { connection, pending } = session.status
  show('status', pending > 0 ? `${connection}, ${pending} not saved yet` : connection)
})
show('invitation', `Open this page elsewhere to count together: ${location.href}`)
const refused = (error: PlenaryError) => show('status', error.message)
onClick('up', () => void room.send('increment', {}).catch(refused))
onClick('down', () => void room.send('decrement', {}).catch(refused))
