import { openSqliteLog, type RoomLog } from '@plenary/engine'
import { openKafkaLog } from '@plenary/engine/kafka'
import { openPostgresLog } from '@plenary/engine/postgres'

/** Which engine keeps the entries, and where it is. */
export type LogSettings =
  | { engine: 'sqlite'; file: string }
  | { engine: 'postgres'; url: string }
  | { engine: 'kafka'; broker: string; url: string }

export async function openLog(settings: LogSettings, zone: string, shards: number): Promise<RoomLog> {
  if (settings.engine === 'sqlite') return await openSqliteLog({ file: settings.file })
  const postgres = { url: settings.url }
  if (settings.engine === 'postgres') return await openPostgresLog(postgres)
  return await openKafkaLog({ brokers: [settings.broker], zone, shards, postgres })
}
