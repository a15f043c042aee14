import { Dialog } from '../shell/dialog.tsx'
import { Invitation } from './invitation.tsx'
import type { api } from '@plenary/kinds'

/** The invitation over the play page. */
export function Invite({ event, onClose }: { event: api.EventInfo; onClose(): void }) {
  return (
    <Dialog title="Invite people" onClose={onClose}>
      <Invitation event={event} />
    </Dialog>
  )
}
