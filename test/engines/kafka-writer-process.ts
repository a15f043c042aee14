import { noMetrics } from '../../packages/engine/src/index.ts'
import { startKafkaWriter } from '../../packages/engine/src/kafka.ts'
import type { KafkaWriterOptions } from '../../packages/engine/src/kafka.ts'

// A writer in a process of its own, to be killed at any moment. It says when it has written something.
const options = JSON.parse(process.argv[2] ?? '') as KafkaWriterOptions
await startKafkaWriter({
  ...options,
  metrics: {
    ...noMetrics,
    count: (name, entries = 1) => {
      if (name === 'writer_entries_total' && entries > 0) console.log(`wrote ${entries}`)
    },
  },
})
