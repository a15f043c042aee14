import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { StartError } from '../start-error.ts'

const EVERYWHERE = ['0.0.0.0', '::']
/**
 * Connections that the machine takes while this process is busy; its own limit may be lower. When a gateway dies its clients come
 * here all at once, and one that finds no place waits for its network's own repetitions, which may take a minute.
 */
const WAITING_CONNECTIONS = 4_096

/** Listens, and answers with the port that it got. Throws a {@link StartError} that names the setting to change. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  try {
    server.listen({ port, host, backlog: WAITING_CONNECTIONS })
    await once(server, 'listening')
  } catch (error) {
    throw new StartError(whyNot(error, port, host), error)
  }
  return (server.address() as AddressInfo).port
}

function whyNot(error: unknown, port: number, host: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program. Choose another with --port or PORT.`
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user. Choose one above 1023 with --port or PORT.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${host} is not an address of this machine.`
  return `The server cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}.`
}

/** Where people on this machine, and then those on its network, reach a server that listens on this address. */
export function reachableUrls(host: string, port: number): string[] {
  if (!EVERYWHERE.includes(host)) return [`http://${host.includes(':') ? `[${host}]` : host}:${port}`]
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
  return ['localhost', ...outside.map(({ address }) => address)].map((name) => `http://${name}:${port}`)
}
