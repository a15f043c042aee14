import type { Logger } from 'pino'

/** What nodes log, as remarks in the trace: part of the story, and of no sum. */
export function nodeLogger(remark: (line: () => string) => void): Logger {
  const at = (level: string) => (fields: { err?: unknown }, message?: string) =>
    remark(() => {
      const { err, ...rest } = fields
      const why = err instanceof Error ? ` (${err.message}${causeOf(err)})` : ''
      return `${level}: ${message ?? ''} ${JSON.stringify(rest)}${why}`
    })
  const silent = () => {}
  const logger = {
    level: 'debug',
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    trace: silent,
    silent,
  }
  return logger as unknown as Logger
}

const causeOf = ({ cause }: Error) => (cause instanceof Error ? `, because: ${cause.message}` : '')
