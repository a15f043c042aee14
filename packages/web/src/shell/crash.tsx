import { Button } from '@mantine/core'
import { Component } from 'react'
import { Notice } from './notice.tsx'
import type { ErrorComponentProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

function Crash() {
  return (
    <Notice
      title="This page stopped working"
      actions={<Button onClick={() => location.reload()}>Load it again</Button>}
    >
      It is our fault, not yours. What you sent is safe; what was waiting is kept on this device.
    </Notice>
  )
}

/** What a route shows when one of its parts throws. */
export function RouteCrash(_props: ErrorComponentProps) {
  return <Crash />
}

/** The last net, around everything: shows the crash page in place of a blank one. React itself logs the error. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true }
  }

  override render(): ReactNode {
    return this.state.crashed ? <Crash /> : this.props.children
  }
}
