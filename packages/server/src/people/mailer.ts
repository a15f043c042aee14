/** A plain-text message. */
export interface Mail {
  to: string
  subject: string
  text: string
}

/** Hands mail on. Guarantee: resolves once a mail server has taken the message, else rejects. */
export interface Mailer {
  send(mail: Mail): Promise<void>
}
