/** What one process answers to another, by name. Arguments and answers are what structured cloning can carry. */
export type Calls = Record<string, (argument: never) => unknown>

export interface Question {
  id: number
  op: string
  argument: unknown
}

export type Answer = { id: number; value: unknown } | { id: number; error: string }

/**
 * Answers what the parent process asks over the channel between them. Without the parent this process ends: nothing that a
 * benchmark started outlives it.
 */
export function answerCalls(calls: Calls): void {
  const send = (answer: Answer) => void process.send?.(answer)
  process.on('message', ({ id, op, argument }: Question) => {
    void (async () => {
      try {
        const call = calls[op]
        if (call === undefined) throw new Error(`There is no ${op} to call.`)
        send({ id, value: await call(argument as never) })
      } catch (error) {
        send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      }
    })()
  })
  process.on('disconnect', () => process.exit(0))
  // A terminal interrupts the whole group; the parent ends its children in order.
  process.on('SIGINT', () => undefined)
  send({ id: 0, value: null })
}
