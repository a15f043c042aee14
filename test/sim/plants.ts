/** A bug that is put in to see whether the simulator finds it. */
export interface Plant {
  name: string
  /** The promise that it breaks. */
  promise: string
  /** From the project's folder. */
  file: string
  /** Stands in the file exactly once; when it no longer does, whoever changed the file finds another place for the bug. */
  find: string
  replace: string
  /** Further places in the same file. */
  and?: readonly { find: string; replace: string }[]
  /** What goes wrong by it. */
  why: string
}

const ENGINE = 'packages/engine/src'
const CLIENT = 'packages/client/src'

/** The bugs that the simulator must find within 1,000 seeds each. */
export const PLANTS: readonly Plant[] = [
  {
    name: 'ack-before-durable',
    promise: 'R11',
    file: `${ENGINE}/owner/gate.ts`,
    find: 'if (room.unreleased === 0) return output.release()',
    replace: 'if (room.unreleased >= 0) return output.release()',
    why: 'the gate lets everything through at once',
  },
  {
    name: 'failed-append-acknowledged',
    promise: 'R1',
    file: `${ENGINE}/owner/shard.ts`,
    find: 'await this.#log.append(batch)',
    replace: 'await this.#log.append(batch).catch(() => undefined)',
    why: 'an append of unknown outcome is taken for a good one',
  },
  {
    name: 'speculative-state-kept',
    promise: 'R12',
    file: `${ENGINE}/owner/gate.ts`,
    find: 'if (this.#over === null) this.#failed(error instanceof Error ? error : new Error(String(error)))\n      return',
    replace:
      'for (const output of group.outputs) output.fail(error as Error)\n      this.#inFlight = null\n      return',
    why: 'after a failed append the owner goes on with what it had decided',
  },
  {
    name: 'no-epoch-check',
    promise: 'R4',
    file: 'test/sim/log-store.ts',
    find: 'if (epoch !== this.epoch(shard)) {',
    replace: 'if (epoch > this.epoch(shard)) {',
    why: 'the log takes what an owner sends whose epoch is over',
  },
  {
    name: 'ack-after-the-lease',
    promise: 'R11',
    file: `${ENGINE}/owner/shard.ts`,
    find: 'if (endedAt >= this.holding.validUntil()) throw new Error(',
    replace: 'if (endedAt === -1) throw new Error(',
    why: 'an owner acknowledges what the log answered after its lease’s own deadline, behind a successor’s fence',
  },
  {
    name: 'dedupe-forgets-that-it-forgot',
    promise: 'R3',
    file: `${ENGINE}/owner/dedupe.ts`,
    find: 'this.#forgotten = Math.max(this.#forgotten, seq)',
    replace: '',
    why: 'an id that has left the window is taken for a new one',
  },
  {
    name: 'dedupe-window-off-by-one',
    promise: 'R3',
    file: `${ENGINE}/owner/dedupe.ts`,
    find: 'return this.#forgotten > since',
    replace: 'return this.#forgotten > since + 1',
    why: 'the newest of those that were forgotten is taken for one that never was',
  },
  {
    name: 'dedupe-skipped-after-failover',
    promise: 'R3',
    file: `${ENGINE}/owner/room.ts`,
    find: 'for (const { id, seq } of commands) window.add(id, { seq }, durable)',
    replace: '',
    why: 'a new owner knows none of the ids in the log',
  },
  {
    name: 'resent-as-new',
    promise: 'R3',
    file: `${CLIENT}/outbox.ts`,
    find: 'const how = before ? { again: true } : this.#saysSeen ? { seen: this.#reached } : {}',
    replace: 'const how = {}',
    why: 'a client that sends again does not say so',
  },
  {
    name: 'ring-served-past-a-hole',
    promise: 'R5',
    file: `${ENGINE}/gateway/ring.ts`,
    find: 'if (first !== undefined && first.frame.header.after > after) return null',
    replace: '',
    why: 'who comes back gets what the ring still has, and not what it has lost',
  },
  {
    name: 'hole-ignored-by-gateway',
    promise: 'R5',
    file: `${ENGINE}/gateway/stream.ts`,
    find: 'if (header.after > this.head) this.#want(header.through)',
    replace: 'if (header.after > this.head + 1e9) this.#want(header.through)',
    why: 'a batch is passed on whether or not the one before it came',
  },
  {
    name: 'led-on-from-what-was-not-told',
    promise: 'R5',
    file: `${ENGINE}/gateway/channel.ts`,
    find: 'const from = Math.min(after, membership.at)',
    replace: 'const from = frame.header.after',
    why: 'a batch leads on from one that only some were sent',
  },
  {
    name: 'heads-not-repeated',
    promise: 'R5',
    file: `${ENGINE}/owner/shard.ts`,
    find: 'if (all || now - room.usedAt < HEADS_REPEAT_MS) this.#teller.repeatHeads(room)',
    replace: 'if (all && now < 0) this.#teller.repeatHeads(room)',
    why: 'a lost last batch is never missed',
  },
  {
    name: 'successor-not-asked',
    promise: 'R5',
    file: `${ENGINE}/gateway/gateway.ts`,
    find: 'filter(({ room }) => this.#deps.asking.shardOf(room) === shard)',
    replace: 'filter(({ room }) => this.#deps.asking.shardOf(room) === shard + 1e9)',
    why: 'what a dead owner made durable and never told stays untold',
  },
  {
    name: 'resume-off-by-one',
    promise: 'R5',
    file: `${ENGINE}/gateway/stream.ts`,
    find: 'exact ? items.map((item) => item.frame)',
    replace: 'exact ? items.slice(1).map((item) => item.frame)',
    why: 'who comes back gets one batch too few',
  },
  {
    name: 'fill-off-by-one',
    promise: 'R5',
    file: `${ENGINE}/owner/recent.ts`,
    find: 'after + 1 - first.seq',
    replace: 'after + 2 - first.seq',
    why: 'a hole is filled from one entry too late on',
  },
  {
    name: 'deadline-ignored',
    promise: 'deadline',
    file: `${ENGINE}/owner/shard.ts`,
    find: 'this.#deadlines.set(room.id, room.deadline())',
    replace: '',
    why: 'no timer is set for what a room has decided',
  },
  {
    name: 'deadline-forgotten-at-failover',
    promise: 'deadline',
    file: `${ENGINE}/owner/shard.ts`,
    find: 'this.#deadlines.set(room, active === undefined ? at : active.deadline())',
    replace: '',
    why: 'a new owner does not know what its rooms wait for',
  },
  {
    name: 'deadline-fires-twice',
    promise: 'deadline',
    file: `${ENGINE}/owner/shard.ts`,
    find: "const entries = room.timeout(now, this.#deps.runtime.uuid() as CommandOrder['id'])",
    replace:
      "const own = this.#deps.runtime.uuid() as CommandOrder['id']\n      const entries = [...room.timeout(now, own), ...room.timeout(now, own)]",
    why: 'the room’s own command is carried out two times',
  },
  {
    name: 'hand-over-without-flush',
    promise: 'R11',
    file: `${ENGINE}/owner/gate.ts`,
    find: 'if (this.#collecting === null && this.#inFlight === null) return Promise.resolve()',
    replace: 'if (this.#over === null) return Promise.resolve()',
    and: [
      {
        find: 'for (const output of group?.outputs ?? []) output.fail(error)',
        replace: 'for (const output of group?.outputs ?? []) output.release()',
      },
    ],
    why: 'a shard is let go without waiting for the log, and what waited for it is told as done',
  },
  {
    name: 'snapshot-one-behind',
    promise: 'R10',
    file: `${ENGINE}/owner/room.ts`,
    find: 'return { seq: this.head, version: this.kind.version, state: JSON.stringify(kept) }',
    replace: 'return { seq: this.head - 1, version: this.kind.version, state: JSON.stringify(kept) }',
    why: 'a snapshot says that it is of one entry earlier than it is, which is then folded in again',
  },
  {
    name: 'batch-applied-twice',
    promise: 'R5',
    file: `${CLIENT}/replica.ts`,
    find: 'const applied = entries.filter(({ seq }) => seq > cursor.seq)',
    replace: 'const applied = entries.filter(({ seq }) => seq > 0)',
    why: 'a client folds in again what overlaps with what it has',
  },
  {
    name: 'outbox-stuck-at-reconnect',
    promise: 'R12',
    file: `${CLIENT}/outbox.ts`,
    find: "if (item.state === 'sending') item.state = 'kept'",
    replace: '',
    why: 'what was on its way when the connection went is never sent again',
  },
  {
    name: 'outbox-dropped-at-reconnect',
    promise: 'R12',
    file: `${CLIENT}/outbox.ts`,
    find: "if (item.state === 'sending') item.state = 'kept'\n    }",
    replace:
      "if (item.state === 'sending') this.#store.remove(item.command.id)\n    }\n    this.#items = this.#items.filter((item) => item.state !== 'sending')",
    why: 'what was on its way when the connection went is forgotten',
  },
  {
    name: 'only-entries-to-all',
    promise: 'R6',
    file: `${ENGINE}/owner/teller.ts`,
    find: 'only: sees.slice(5) as UserId',
    replace: 'only: null',
    why: 'what is for one person is put into everyone’s batch',
  },
  {
    name: 'barred-person-still-served',
    promise: 'R6',
    file: `${ENGINE}/gateway/channel.ts`,
    find: 'this.leave(membership)\n      connection',
    replace: 'connection',
    why: 'who is thrown out of a room is told so, and goes on getting its batches',
  },
  {
    name: 'revoked-person-still-served',
    promise: 'R6',
    file: `${ENGINE}/gateway/gateway.ts`,
    find: "connection.socket.emit('revoked', { code: revocation.code })\n      connection.socket.end()",
    replace: '',
    why: 'who has lost the right to the event keeps the connection',
  },
  {
    name: 'members-list-ignored',
    promise: 'R6',
    file: 'packages/kinds/src/access.ts',
    find: "return access.members.includes(who.user) ? 'attendee' : null",
    replace: "return access.members.includes(who.user) ? 'attendee' : 'attendee'",
    why: 'a room with a list of members is open to everyone',
  },
  {
    name: 'lease-by-the-wall-clock',
    promise: 'R11',
    file: `${ENGINE}/etcd/lease.ts`,
    find: 'const sentAt = runtime.monotonic()',
    replace: 'const sentAt = runtime.now()',
    why: 'a lease’s deadline is reckoned by another clock than it is looked at by',
  },
]
