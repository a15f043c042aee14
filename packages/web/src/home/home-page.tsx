import { IconDeviceGamepad2, IconFileText } from '@tabler/icons-react'
import { Queries } from '../shell/queries.tsx'
import { Frame } from '../shell/frame.tsx'
import { Hall } from '../shell/hall.tsx'
import { LinkButton } from '../shell/link-button.tsx'
import { NodeLine } from '../shell/node-line.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { CreateForm } from './create-form.tsx'
import { JoinForm } from './join-form.tsx'
import { YourEvents } from './your-events.tsx'
import styles from './home.module.css'

/** The front door: open an event, get into one, or go back to one. */
export function HomePage() {
  usePageTitle('')
  return (
    <Queries>
      <Frame footer={<NodeLine />}>
        <div className={styles.hero}>
          <div className={styles.words}>
            <h1>Open the floor.</h1>
            <p>Live events that everyone joins from their phone: scan a code, type a name, and you are in.</p>
          </div>
          <div className={styles.hall}>
            <Hall rows={5} taken={72} lively />
          </div>
        </div>
        <div className={styles.doors}>
          <section className={styles.card} aria-labelledby="create-title">
            <h2 id="create-title">Start an event</h2>
            <p>No account needed. You get a code to share at once.</p>
            <CreateForm />
          </section>
          <section className={styles.card} aria-labelledby="join-title">
            <h2 id="join-title">Join with a code</h2>
            <p>It is on the screen, or in your invitation.</p>
            <JoinForm />
          </section>
        </div>
        <nav className={styles.more} aria-label="Without an event">
          <LinkButton to="/games" variant="default" leftSection={<IconDeviceGamepad2 size={20} stroke={1.75} />}>
            Play a game
          </LinkButton>
          <LinkButton to="/documents" variant="default" leftSection={<IconFileText size={20} stroke={1.75} />}>
            Write together
          </LinkButton>
        </nav>
        <YourEvents />
      </Frame>
    </Queries>
  )
}
