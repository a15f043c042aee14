import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'
import { smtpMailer } from './mailer-smtp.ts'

const FROM = 'plenary@plenary.test'

interface Received {
  user: string | undefined
  from: string
  to: string[]
  message: string
}

interface MailServer extends AsyncDisposable {
  /** With `user` in it as in `me:password@`. */
  url(user?: string): string
  received: Received[]
}

async function mailServer(refused = 'nobody@plenary.test'): Promise<MailServer> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'pass word' ? done(null, { user: username }) : done(new Error('wrong password')),
    onRcptTo: ({ address }, _session, done) => done(address === refused ? new Error('no such mailbox') : null),
    onData(stream, { envelope, user }, done) {
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
      const to = envelope.rcptTo.map(({ address }) => address)
      let message = ''
      stream.on('data', (chunk: Buffer) => (message += chunk.toString()))
      stream.on('end', () => {
        received.push({ user: user as string | undefined, from, to, message })
        done()
      })
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    received,
    url: (user = '') => `smtp://${user}127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const mail = { to: 'ada@plenary.test', subject: 'Grüße', text: '.a line that begins with a dot\nünïcode\n' }

test('a message goes out, under the name and password of the address', async () => {
  await using server = await mailServer()
  await smtpMailer(server.url('me:pass%20word@'), FROM).send(mail)
  expect(server.received).toMatchObject([{ user: 'me', from: FROM, to: ['ada@plenary.test'] }])
  expect(server.received[0]?.message).toContain('From: Plenary <plenary@plenary.test>')
})

test('what the server does not take is an error', async () => {
  await using server = await mailServer(mail.to)
  await expect(smtpMailer(server.url(), FROM).send(mail)).rejects.toThrow('no such mailbox')
  await expect(smtpMailer(server.url('me:wrong@'), FROM).send(mail)).rejects.toThrow('wrong password')
})

test('an address cannot smuggle a second one in', async () => {
  await using server = await mailServer()
  const forged = { ...mail, to: 'a@b.test>\r\nRCPT TO:<c@d.test' }
  await smtpMailer(server.url(), FROM)
    .send(forged)
    .catch(() => {})
  expect(server.received.flatMap(({ to }) => to)).not.toContain('c@d.test')
})

test('a password is not sent to a distant server that offers no encryption', async () => {
  await using server = await mailServer()
  // Any name that leads here but does not say that it is this machine.
  const distant = server.url('me:pass%20word@').replace('127.0.0.1', '0.0.0.0')
  await expect(smtpMailer(distant, FROM).send(mail)).rejects.toThrow(/STARTTLS|TLS/)
  expect(server.received).toEqual([])
})

test('a server that is not there is an error', async () => {
  let url = ''
  {
    await using server = await mailServer()
    url = server.url()
  }
  await expect(smtpMailer(url, FROM).send(mail)).rejects.toThrow(/ECONNREFUSED/)
})

test('somebody signs in by the link in their mail, once', async () => {
  await using server = await mailServer()
  await using harness = await openHarness({ publicUrl: 'http://plenary.test', mailUrl: server.url(), mailFrom: FROM })
  const asked = await harness.ask('POST', '/api/auth/sign-in/magic-link', {
    body: { email: 'ada@plenary.test', name: 'Ada' },
    headers: { origin: 'http://plenary.test' },
  })
  expect(asked.status).toBe(200)
  await expect.poll(() => server.received.length).toBe(1)
  // Long lines are folded, and `=` stands as =3D, in the form that mail travels in.
  const text = (server.received[0]?.message ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '=')
  const link = new URL(/http:\S+/.exec(text)?.[0] ?? '')
  expect(link.origin).toBe('http://plenary.test')
  const first = await harness.ask('GET', link.pathname + link.search)
  expect(first.headers.getSetCookie().join()).toMatch(/session_token=[^;]/)
  const second = await harness.ask('GET', link.pathname + link.search)
  expect(second.headers.getSetCookie().join()).not.toMatch(/session_token=[^;]/)
})
