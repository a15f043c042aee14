import { SchemeSwitch } from '../shell/scheme-switch.tsx'
import styles from './side.module.css'

/** The small print: which node holds this page's connection. */
export function NodeState({ node }: { node: string | undefined }) {
  return (
    <footer className={styles.node}>
      <span className={styles.lamp} data-on={node !== undefined || undefined} aria-hidden="true" />
      <span data-testid="node">{node === undefined ? 'Not connected' : `Connected to ${node}`}</span>
      <SchemeSwitch />
    </footer>
  )
}
