import { chat, LIMITS } from '@plenary/kinds'
import type { EventInfo } from '../../packages/kinds/src/api.ts'
import type { EventId, RoomId } from '@plenary/kinds'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { noMetrics } from '../../packages/engine/src/metrics.ts'
import { redisRegistry } from '../../packages/engine/src/redis.ts'
import type { Registry } from '../../packages/engine/src/registry/registry.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'
import { openPostgresStore } from '../../packages/server/src/store/postgres.ts'
import { eventually } from '../../scripts/cluster/running.ts'
import type { NodeFacts, RunningCluster } from '../../scripts/cluster/running.ts'
import { useCluster } from './cluster.ts'
import { newEvent, Person } from './people.ts'
import { possibleLog } from './possible-log.ts'
import { Talk } from './talk.ts'

const log = await possibleLog()
const TEST_MS_MAX = 60_000
const TOLD_MS_MAX = 10_000
/** The registry sends them to the dead one until it knows, and they back off from it. */
const MOVED_MS_MAX = 30_000
const OUT_OF_REGISTRY_MS_MAX = 5_000
const LIVE_AGAIN_MS_MAX = LIMITS.leaseTtlMs + 2_000
const PLANNED_WAIT_MS_MAX = 2_000
const DRAIN_MS_MAX = 30_000

describe.skipIf(log === null)('three nodes in two zones', { timeout: TEST_MS_MAX }, () => {
  const cluster = useCluster(log, ['north', 'south', 'north'])

  test('[R2] people on different nodes and in different zones read one conversation in one order', async () => {
    await using people = new Crowd()
    const event = await newEvent((await nodeIn('north')).url, 'Town hall')
    await people.enter(cluster(), event, 2)
    await people.enter(cluster(), event, 1, 'south')
    expect(people.nodes).toHaveLength(3)

    const said = people.all.flatMap((_, turn) => [`hello ${turn}`, `again ${turn}`])
    await Promise.all(
      said.map((text, turn) =>
        people
          .at(turn % 3)
          .room()
          .send('post', { text }),
      ),
    )
    for (const person of people.all) await tells(person, said)
    expect(people.at(1).texts()).toEqual(people.at(0).texts())
    expect(people.at(2).texts()).toEqual(people.at(0).texts())
  })

  test('[R6] no byte of an event reaches the people of another, however alike their rooms are called', async () => {
    await using people = new Crowd()
    const events = [await newEvent(cluster().url, 'Ours'), await newEvent(cluster().url, 'Theirs')] as const
    await addRooms(cluster(), events[0].id, ['stage', 'stage-everyone', 'Stage-1', 'a-stage'])
    await addRooms(cluster(), events[1].id, ['Stage', 'stage-staff', 'stage-1', 'a_stage'])
    for (const event of events) {
      for (const zone of ['north', 'north', 'south']) await people.enter(cluster(), event, 1, zone)
    }
    const sides = [people.all.slice(0, 3), people.all.slice(3)]
    const canaries = new Map<Person, string[]>()
    const canariesOf = (side: readonly Person[]) => side.flatMap((person) => canaries.get(person) ?? [])
    for (const [at, person] of people.all.entries()) {
      const rooms = person.chats
      expect(rooms).toHaveLength(5)
      const own = rooms.map(({ id }) => `canary of ${person.session.event.title} in ${id} by ${at}.`)
      canaries.set(person, own)
      await Promise.all(rooms.map(({ id }, place) => person.room(id).send('post', { text: own[place] ?? '' })))
    }
    for (const side of sides) {
      const others = sides.filter((each) => each !== side).flat()
      for (const person of side) {
        const told = () => person.told.join('\n')
        await eventually('all canaries of the own event', TOLD_MS_MAX, () =>
          canariesOf(side).every((text) => told().includes(text)),
        )
        for (const text of canariesOf(others)) expect(told()).not.toContain(text)
      }
    }

    const spy = people.at(0)
    for (const { id } of people.at(3).chats) {
      await eventually('a refusal', TOLD_MS_MAX, () => spy.room(id).snapshot.state === 'refused')
      expect(spy.room(id).snapshot.failure?.code).toBe('forbidden')
      await expect(spy.session.entries(id, { after: 0 })).rejects.toMatchObject({ code: 'forbidden' })
    }
    expect(spy.told.join('\n')).not.toContain('canary of Theirs')
  })

  test('[R7] a burst of 300 clients spreads to within 10 % of even over three gateways, and a full one gets nobody', async () => {
    await using people = new Crowd()
    const event = await newEvent((await nodeIn('north')).url, 'Doors open')
    await cluster().add({ zone: 'north' })
    const small = await cluster().add({ zone: 'west', capacity: 5, roles: 'gateway' })

    await people.enter(cluster(), event, 8, 'west')
    expect(people.all.filter(({ node }) => node === small.name)).toHaveLength(5)
    expect(await people.at(0).knock(`${cluster().url}/n/${small.name}`)).toMatchObject({ code: 'unavailable' })
    people.leave()
    await quiet()

    await people.enter(cluster(), event, 300)
    const counts = (await cluster().nodes())
      .filter(({ zone }) => zone === 'north')
      .map(({ connections }) => connections)
    console.log(`300 clients over three gateways: ${counts.join(', ')}`)
    expect(counts).toHaveLength(3)
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThanOrEqual(10)
  })

  test('[R8] a killed gateway is out of the registry within 5 s, is not given any more, and its clients are on others', async () => {
    await using people = new Crowd()
    const [asked, doomed] = [await nodeIn('north'), await nodeIn('south')]
    const event = await newEvent(asked.url, 'Power cut')
    await people.enter(cluster(), event, 5, 'south')
    expect(people.nodes).toEqual([doomed.node])

    const registry = await registryOf(cluster())
    const registered = async () => (await registry.list()).map(({ node }) => node)
    expect(await registered()).toContain(doomed.node)
    await cluster().act('kill', doomed.node)
    const killedAt = performance.now()
    await eventually('it is out', OUT_OF_REGISTRY_MS_MAX, async () => !(await registered()).includes(doomed.node))
    console.log(`Out of the registry after ${since(killedAt)} s`)
    expect(await registry.assign('south')).not.toMatchObject({ zone: 'south' })
    await registry.close()
    await eventually('all are on other nodes', MOVED_MS_MAX, () =>
      people.all.every(
        ({ session: { status } }) =>
          status.connection === 'online' && status.node !== undefined && status.node !== doomed.node,
      ),
    )
    console.log(`All clients on other nodes after ${since(killedAt)} s`)
    await people.at(0).room().send('post', { text: 'still here' })
    for (const person of people.all) await tells(person, ['still here'])
  })

  test('[R1] [R8] when the node that owns a room is killed, its room takes commands within 7 s and nothing is lost', async () => {
    await using people = new Crowd()
    const event = await newEvent((await nodeIn('north')).url, 'Show must go on')
    await people.enter(cluster(), event, 12)
    const talk = new Talk(people.all)
    await talk.goOn(40, TOLD_MS_MAX)

    const owner = await ownerOf(event)
    await cluster().act('kill', owner.node)
    const from = performance.now()
    await eventually(
      'another owner',
      LIVE_AGAIN_MS_MAX,
      async () => (await cluster().ownerOf(roomOf(event), 'north'))?.node !== owner.node,
    )
    await talk.goOn(60, TEST_MS_MAX)
    const silenceMs = talk.answers.longestSilenceMs({ from, to: performance.now() })
    console.log(`Commands were taken again after ${(silenceMs / 1000).toFixed(2)} s`)
    expect(silenceMs).toBeLessThan(LIVE_AGAIN_MS_MAX)
    expect(await talk.end()).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, refused: 0 })
    expect(people.nodes).not.toContain(owner.node)
    await cluster().act('restart', owner.node)
  })

  test('[R9] a drained node exits within 30 s, its clients are elsewhere before they leave it, and no command waits over 2 s', async () => {
    await using people = new Crowd()
    const event = await newEvent((await nodeIn('north')).url, 'Deploy')
    await people.enter(cluster(), event, 60)
    const talk = new Talk(people.all)
    await talk.goOn(40, TOLD_MS_MAX)

    const owner = await ownerOf(event)
    const moving = people.all.filter(({ node }) => node === owner.node)
    expect(moving.length).toBeGreaterThan(0)
    for (const { states } of people.all) states.splice(0, states.length - 1)
    const from = performance.now()
    await cluster().act('drain', owner.node)
    console.log(`Drained after ${since(from)} s`)
    expect(performance.now() - from).toBeLessThan(DRAIN_MS_MAX)
    await talk.goOn(40, TOLD_MS_MAX)
    const slowestMs = talk.answers.slowestMs({ from, to: performance.now() })
    console.log(`The slowest command waited ${slowestMs} ms`)
    expect(slowestMs).toBeLessThan(PLANNED_WAIT_MS_MAX)
    expect(await talk.end()).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, refused: 0 })
    for (const { states } of people.all)
      expect(new Set(states.map(({ connection }) => connection))).toEqual(new Set(['online']))
    for (const { node } of moving) expect(node).not.toBe(owner.node)
  })

  async function nodeIn(zone: string): Promise<NodeFacts> {
    const found = (await cluster().nodes()).find((each) => each.zone === zone && each.state === 'ready')
    if (found === undefined) throw new Error(`No node runs in ${zone}.`)
    return found
  }

  async function ownerOf(event: EventInfo): Promise<NodeFacts> {
    return await eventually('an owner', TOLD_MS_MAX, () => cluster().ownerOf(roomOf(event), 'north'))
  }

  /** Nobody is connected anywhere, and the registry knows. */
  async function quiet(): Promise<void> {
    await eventually('nobody is connected', TOLD_MS_MAX, async () =>
      (await cluster().nodes()).every(({ connections }) => connections === 0),
    )
  }
})

/** Those whom a test lets in, who leave at its end. */
class Crowd implements AsyncDisposable {
  readonly all: Person[] = []

  async enter({ url }: RunningCluster, { code }: EventInfo, count: number, zone?: string): Promise<void> {
    const names = Array.from({ length: count }, (_, place) => `Person ${this.all.length + place + 1}`)
    this.all.push(
      ...(await Promise.all(
        names.map((name) => Person.enter({ url, code, name, ...(zone !== undefined && { zone }) })),
      )),
    )
  }

  at(place: number): Person {
    const person = this.all[place]
    if (person === undefined) throw new RangeError(`There is no person ${place}.`)
    return person
  }

  /** The nodes that they are on. */
  get nodes(): (string | undefined)[] {
    return [...new Set(this.all.map(({ node }) => node))]
  }

  leave(): void {
    for (const person of this.all.splice(0)) person[Symbol.dispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leave()
  }
}

/** Waits until a person's first room shows these texts, each once. */
async function tells(person: Person, texts: readonly string[]): Promise<void> {
  const once = (text: string) => person.texts().filter((each) => each === text).length === 1
  await eventually(`a person is told ${texts.join(', ')}`, TOLD_MS_MAX, () => texts.every(once))
}

/** More chats in an event, under ids of our choice, as an event of several rooms has them. */
async function addRooms(cluster: RunningCluster, event: EventId, ids: readonly string[]): Promise<void> {
  const postgres = (await cluster.status()).engines.find(({ name }) => name === 'postgres')
  const store = await openPostgresStore({ url: postgres?.url ?? '', onError: () => undefined })
  try {
    for (const [at, id] of ids.entries()) {
      const room = { id: id as RoomId, event_id: event, place: at + 1, kind: chat.name, title: id }
      await store
        .insertInto('room')
        .values({ ...room, settings: JSON.stringify(chat.settings.parse({})) })
        .execute()
    }
  } finally {
    await store.destroy()
  }
}

/** The registry as nodes see it. */
async function registryOf(cluster: RunningCluster): Promise<Registry> {
  const target = (await cluster.status()).engines.find(({ role }) => role === 'primary')?.url ?? ''
  const quiet = { logger: pino({ level: 'silent' }), metrics: noMetrics }
  return await redisRegistry({ target, runtime: realRuntime(), ...quiet })
}

function roomOf({ rooms }: EventInfo): RoomId {
  const [first] = rooms
  if (first === undefined) throw new Error('The event has no room.')
  return first.id
}

const since = (from: number) => ((performance.now() - from) / 1000).toFixed(2)
