import { LinkButton } from './link-button.tsx'
import { Notice } from './notice.tsx'
import { usePageTitle } from './page-title.ts'

/** An address that leads nowhere. */
export function NotFound() {
  usePageTitle('Not found')
  return (
    <Notice title="There is nothing here" actions={<LinkButton to="/">Go to the start</LinkButton>}>
      The address may be mistyped, or the page has moved.
    </Notice>
  )
}
