import type { Form, Privacy } from '@plenary/kinds'

const CHOSEN: Record<Privacy, string> = {
  named: 'Everyone can see how you vote.',
  hidden: 'The audience cannot see how you vote. The hosts can.',
  secret: 'Secret: nobody can see how you vote, not even the hosts.',
}
const WRITTEN: Record<Privacy, string> = {
  named: 'Your name stands beside what you write.',
  hidden: 'The audience cannot see who wrote it. The hosts can.',
  secret: 'Secret: nobody can see who wrote it, not even the hosts.',
}

/** Who learns how somebody voted, said to the voter. */
export function privacyWords(privacy: Privacy, { type }: Form): string {
  return (type === 'text' || type === 'words' ? WRITTEN : CHOSEN)[privacy]
}
