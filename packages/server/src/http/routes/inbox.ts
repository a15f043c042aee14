import { PlenaryError, api } from '@plenary/kinds'
import { z } from 'zod'
import { route } from '../route.ts'

/** Where somebody finds what is news to them. */
export const inboxRoutes = [
  route({
    method: 'get',
    path: '/api/inbox',
    name: 'findInbox',
    summary: 'The room of kind inbox of this account, made at the first time. Guests have none.',
    credential: 'pass',
    params: z.strictObject({}),
    query: z.strictObject({}),
    body: z.undefined(),
    answer: api.inboxAnswer,
    status: 200,
    failures: ['forbidden'],
    async handle({ inboxes }, { who }) {
      const inbox = await inboxes.of(who.user)
      if (inbox === null) throw new PlenaryError('forbidden', 'Only accounts have an inbox.', { reason: 'guest' })
      return inbox
    },
  }),
]
