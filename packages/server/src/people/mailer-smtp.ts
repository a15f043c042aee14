import type { Mailer } from './mailer.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
/** Longest silence of a mail server. */
const ANSWER_MS_MAX = 20_000

/** Mail through a server at an `smtp://` or `smtps://` address, one connection a message. A password never goes out in the clear. */
export function smtpMailer(address: string, from: string): Mailer {
  const url = new URL(address)
  const options = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    secure: url.protocol === 'smtps:',
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      requireTLS: url.protocol === 'smtp:' && !LOOPBACK.includes(url.hostname),
    }),
    connectionTimeout: ANSWER_MS_MAX,
    greetingTimeout: ANSWER_MS_MAX,
    socketTimeout: ANSWER_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  return {
    async send({ to, subject, text }) {
      // Loaded at the first message: most installations send none.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(options)
      try {
        await transport.sendMail({
          from: { name: 'Plenary', address: from },
          to: { name: '', address: to },
          subject,
          text,
        })
      } finally {
        transport.close()
      }
    },
  }
}
