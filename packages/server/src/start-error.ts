/** A mistake of whoever starts the server, or of the machine: shown as one line, exit code 1, never a stack. */
export class StartError extends Error {
  override readonly name = 'StartError'

  constructor(message: string, cause?: unknown) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), cause === undefined ? undefined : { cause })
  }
}
