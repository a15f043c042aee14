import type { ClusterStatus } from './state.ts'

const HEAD = ['NAME', 'WHAT', 'ADDRESS', 'PID', 'STATE']

/** What runs where, for people. Passwords are for programs, and left out. */
export function statusTable({ url, nodes, engines }: ClusterStatus): string {
  const rows = [
    ...engines.map(({ name, url: address, pid, state, role }) => [
      name,
      role ?? 'engine',
      withoutPassword(address),
      pid,
      state,
    ]),
    ...nodes.map(({ name, zone, url: address, pid, state, roles }) => [
      name,
      `node in ${zone}: ${shortRoles(roles)}`,
      address,
      pid,
      state,
    ]),
  ].map((row) => row.map((cell) => String(cell ?? '-')))
  const widths = HEAD.map((title, place) => Math.max(title.length, ...rows.map((row) => row[place]?.length ?? 0)))
  const lines = [HEAD, ...rows].map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, '', `Plenary is at ${url}`].join('\n')
}

/** What nearly every node does needs no words. */
function shortRoles(roles: readonly string[]): string {
  const usual = ['gateway', 'owner', 'registry', 'writer', 'monitor', 'balancer']
  if (!usual.every((role) => roles.includes(role))) return roles.join(', ')
  return ['all roles', ...roles.filter((role) => !usual.includes(role))].join(' and ')
}

const withoutPassword = (url: string) => url.replace(/\/\/[^@/]*@/, '//')
