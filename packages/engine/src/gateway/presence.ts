import { LIMITS } from '@plenary/kinds'
import type { Presence, PresenceMember, RoomId, UserId } from '@plenary/kinds'
import type { PresenceReport } from '../owner/orders.ts'
import { encodePresence } from '../wire/packets.ts'

/** A gateway that has not reported for so long is no longer counted. */
const REPORT_TTL_MS = 30_000

/**
 * Who is in a room, over all gateways: this one's sockets counted by user, the others' by their last report. What clients are
 * told is the difference to what they were told last.
 */
export class RoomPresence {
  readonly #room: RoomId
  readonly #local = new Map<UserId, { member: PresenceMember; sockets: number }>()
  readonly #others = new Map<string, { report: PresenceReport; at: number }>()
  #told: { total: number; members: Map<UserId, PresenceMember> } = { total: 0, members: new Map() }
  /** Of what was told: what a newcomer is shown before itself. */
  #sample: Buffer | null = null

  constructor(room: RoomId) {
    this.#room = room
  }

  /** True when this changes who is there. */
  enter(member: PresenceMember): boolean {
    const known = this.#local.get(member.id)
    this.#local.set(member.id, { member, sockets: (known?.sockets ?? 0) + 1 })
    return known === undefined || known.member.name !== member.name || known.member.role !== member.role
  }

  leave(user: UserId): boolean {
    const known = this.#local.get(user)
    if (known === undefined) return false
    known.sockets--
    return known.sockets === 0 && this.#local.delete(user)
  }

  /** What this gateway tells the others. */
  report(): PresenceReport {
    const members: PresenceMember[] = []
    for (const { member } of this.#local.values()) {
      members.push(member)
      if (members.length === LIMITS.presenceNames) break
    }
    return { total: this.#local.size, members }
  }

  hear(node: string, report: PresenceReport, nowMs: number): void {
    if (report.total === 0) this.#others.delete(node)
    else this.#others.set(node, { report, at: nowMs })
  }

  /**
   * The whole as a packet in pieces, for someone who has just come: what all were told last, and they themselves. Thousands come between two
   * tellings, and all but their own part of it is the same for each.
   */
  packetFor(newcomer: PresenceMember | null): readonly Uint8Array[] {
    const { total, members } = this.#told
    // One who only looks on is nobody who is there.
    if (newcomer === null) return [encodePresence({ room: this.#room, total, sample: [...members.values()] })]
    const known = members.has(newcomer.id)
    const others = known ? sampleOf(members, newcomer.id) : (this.#sample ??= sampleOf(members, null))
    const head = `2["presence",{"room":${JSON.stringify(this.#room)},"total":${known ? total : total + 1},"sample":[`
    return [Buffer.from(head), others, Buffer.from(`${JSON.stringify(newcomer)}]}]`)]
  }

  /** What has changed since the last call; null when nothing has. */
  changes(nowMs: number): Presence | null {
    const { total, members } = this.#gather(nowMs)
    const before = this.#told
    this.#told = { total, members }
    this.#sample = null
    if (total > LIMITS.presenceNames) {
      // Names come and go by the hundred now; the count is what matters, with some faces.
      if (total === before.total) return null
      const base: Presence = { room: this.#room, total }
      return before.total > LIMITS.presenceNames ? base : { ...base, sample: [...members.values()] }
    }
    const joined = [...members.values()].filter((member) => {
      const known = before.members.get(member.id)
      return known === undefined || known.name !== member.name || known.role !== member.role
    })
    const left = [...before.members.keys()].filter((user) => !members.has(user))
    if (joined.length === 0 && left.length === 0 && total === before.total) return null
    if (before.total > LIMITS.presenceNames) return { room: this.#room, total, sample: [...members.values()] }
    return {
      room: this.#room,
      total,
      ...(joined.length > 0 ? { joined } : {}),
      ...(left.length > 0 ? { left } : {}),
    }
  }

  #gather(nowMs: number): { total: number; members: Map<UserId, PresenceMember> } {
    const members = new Map<UserId, PresenceMember>()
    let total = this.#local.size
    const own = this.report().members
    for (const member of own) members.set(member.id, member)
    for (const [node, { report, at }] of this.#others) {
      if (nowMs - at > REPORT_TTL_MS) {
        this.#others.delete(node)
        continue
      }
      total += report.total
      for (const member of report.members) {
        // One person on two gateways is one person, as far as the names tell.
        if (members.has(member.id)) total--
        else if (members.size < LIMITS.presenceNames) members.set(member.id, member)
      }
    }
    return { total, members }
  }
}

/** As many as leave one place, each with a comma behind it. */
function sampleOf(members: ReadonlyMap<UserId, PresenceMember>, without: UserId | null): Buffer {
  const others = [...members.values()].filter(({ id }) => id !== without).slice(0, LIMITS.presenceNames - 1)
  return Buffer.from(others.map((member) => `${JSON.stringify(member)},`).join(''))
}
