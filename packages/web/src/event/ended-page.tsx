import { IconDoorExit } from '@tabler/icons-react'
import { LinkButton } from '../shell/link-button.tsx'
import { Notice } from '../shell/notice.tsx'
import { usePageTitle } from '../shell/page-title.ts'

/** What those see who are not staff, once the event is over. */
export function EndedPage({ title }: { title: string }) {
  usePageTitle(title === '' ? 'Ended' : title)
  return (
    <Notice
      icon={<IconDoorExit size={32} stroke={1.5} />}
      title="This event has ended"
      actions={<LinkButton to="/">Go to the start</LinkButton>}
    >
      {title === '' ? null : <p>“{title}” is over.</p>}
      <p>Thank you for being there.</p>
    </Notice>
  )
}
