/** The log in Kafka in front of PostgreSQL, and the writer role that carries the one into the other. */
export { openKafkaLog } from './log/log-kafka.ts'
export type { KafkaLogOptions } from './log/log-kafka.ts'
export { startKafkaWriter } from './log/kafka-writer.ts'
export type { KafkaWriter, KafkaWriterOptions } from './log/kafka-writer.ts'
export type { KafkaConnection } from './log/kafka/connect.ts'
