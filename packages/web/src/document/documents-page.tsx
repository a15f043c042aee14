import { Button, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { IconFileImport, IconFileText, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { failureText } from '../shell/failure-text.ts'
import { Frame } from '../shell/frame.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { lastName, remember, rememberName } from '../shell/known-events.ts'
import { usePageTitle } from '../shell/page-title.ts'
import { Queries } from '../shell/queries.tsx'
import { ROLE_NAMES } from '../shell/role-names.ts'
import { leaveForImport } from './waiting-import.ts'
import styles from './documents.module.css'
import type { Client } from '@plenary/client'
import type { api } from '@plenary/kinds'

/** The documents on their own that this person has a part in, and the way to a new one. */
export function DocumentsPage() {
  usePageTitle('Documents')
  return (
    <Queries>
      <Frame>
        <h1>Documents</h1>
        <p className={styles.lead}>
          Write together: everyone sees the text as it comes, and nothing that was ever written is lost.
        </p>
        <NewDocument />
        <YourDocuments />
      </Frame>
    </Queries>
  )
}

async function create(client: Client, title: string, name: string): Promise<api.EventInfo> {
  const pass = client.pass()
  const answer = await client.http.post<{ event: api.EventInfo; pass: string }>(
    '/api/rooms',
    { kind: 'document', title, ...(name === '' ? {} : { name }), ...(pass === null ? {} : { pass }) },
    { bearer: null },
  )
  client.usePass(answer.pass)
  remember(answer.event)
  return answer.event
}

function NewDocument() {
  const client = useClient()
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [name, setName] = useState(lastName)
  const begin = async (titled: string) => {
    const event = await create(client, titled, name.trim())
    if (name.trim() !== '') rememberName(name.trim())
    const room = event.rooms[0]
    if (room !== undefined) await navigate({ to: '/e/$code/d/$room', params: { code: event.code, room: room.id } })
  }
  const told = async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(error instanceof Error && error.name === 'ImportRefused' ? error.message : failureText(error))
    } finally {
      setBusy(false)
    }
  }
  const take = async () => {
    const { chooseImport } = await import('./import-file.ts')
    const taken = await chooseImport()
    if (taken === null) return
    leaveForImport(taken)
    await begin(taken.name.replace(/\.\w+$/, '').slice(0, 120) || 'Document')
  }
  return (
    <form
      className={styles.create}
      onSubmit={(event) => {
        event.preventDefault()
        if (title.trim() !== '') void told(() => begin(title.trim()))
      }}
    >
      <TextInput
        label="Title of a new document"
        placeholder="Notes of the meeting"
        maxLength={120}
        value={title}
        error={problem}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <TextInput
        label="Your name"
        autoComplete="name"
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button
        type="submit"
        loading={busy}
        disabled={title.trim() === ''}
        leftSection={<IconPlus size={20} stroke={1.75} />}
      >
        New document
      </Button>
      <Button
        variant="default"
        disabled={busy}
        leftSection={<IconFileImport size={20} stroke={1.75} />}
        onClick={() => void told(take)}
      >
        Import a file
      </Button>
    </form>
  )
}

function YourDocuments() {
  const client = useClient()
  const hasPass = client.pass() !== null
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['documents'],
    queryFn: () => client.http.get<{ rooms: api.MyRoom[] }>('/api/rooms?kind=document'),
    enabled: hasPass,
  })
  const rooms = data?.rooms ?? []
  return (
    <section className={styles.yours} aria-labelledby="your-documents">
      <h2 id="your-documents">Your documents</h2>
      {error ? (
        <InlineFailure error={error}>
          <Button size="sm" variant="subtle" onClick={() => void refetch()}>
            Try again
          </Button>
        </InlineFailure>
      ) : null}
      <ul aria-busy={hasPass && isPending}>
        {rooms.map((document) => (
          <li key={document.id}>
            <Link
              to="/e/$code/d/$room"
              params={{ code: document.code, room: document.rooms[0]?.id ?? '' }}
              className={styles.document}
              onClick={() => remember(document)}
            >
              <IconFileText size={22} stroke={1.5} aria-hidden="true" />
              <span className={styles.name}>{document.title}</span>
              <span className={styles.meta}>
                {new Date(document.createdAt).toLocaleDateString()} · {ROLE_NAMES[document.role]}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {!(hasPass && isPending) && !error && rooms.length === 0 ? (
        <p className={styles.none}>Documents that you begin or are let into will be listed here.</p>
      ) : null}
    </section>
  )
}
