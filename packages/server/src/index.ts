export { configFrom, readConfig, type Config } from './config.ts'
export type { RoomTemplate } from './events/event-table.ts'
export { startServer, type RunningServer, type ServerOptions } from './server.ts'
export { StartError } from './start-error.ts'
