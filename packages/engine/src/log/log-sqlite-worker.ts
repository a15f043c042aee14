import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Fenced } from './log.ts'
import { SqliteCore } from './sqlite-core.ts'
import type { WorkerAnswer, WorkerCall } from './sqlite-calls.ts'

/** The log's one writer thread. What waits in the mailbox together is written together, with one sync to disk. */

/** Calls taken from the mailbox at once; bounds how long an answer waits for its neighbours. */
const CALLS_AT_ONCE_MAX = 256
/** What arrives in so long is put in its places together. */
const GENERATION_MS = 1_000
/** After what could not be put in its places it is tried again. */
const AGAIN_MS = 100

const port = parentPort
if (port === null) throw new Error('This file runs as a worker thread.')
const core = new SqliteCore((workerData as { file: string }).file)
/** What sees to what is not in its place: the next generation, the next slice, or another try. */
let generation: NodeJS.Timeout | undefined
let slice: NodeJS.Immediate | undefined
let again: NodeJS.Timeout | undefined
port.postMessage({ ready: core.id() })

port.on('message', (first: WorkerCall) => {
  const calls = [first]
  while (calls.length < CALLS_AT_ONCE_MAX) {
    const next = receiveMessageOnPort(port)
    if (next === undefined) break
    calls.push(next.message as WorkerCall)
  }
  const answers: WorkerAnswer[] = []
  for (let at = 0; at < calls.length;) {
    // Only neighbours of one sort are joined: the order of calls is the order of effects.
    let end = at + 1
    while (end < calls.length && calls[end]?.op === calls[at]?.op) end++
    answers.push(...run(calls.slice(at, end)))
    at = end
  }
  port.postMessage(answers)
  if (calls.some((call) => call.op === 'close')) {
    clearTimeout(generation)
    clearImmediate(slice)
    clearTimeout(again)
    core.close()
    port.close()
  } else goOn()
})

/** One slice, then the mailbox has its turn, then the next one; more between two turns when so much arrives. */
function goOn(): void {
  if (again !== undefined) return
  if (core.behind) settle()
  else if (core.settling) slice ??= setImmediate(settle)
  else if (core.unsettled) generation ??= setTimeout(settle, GENERATION_MS)
}

function settle(): void {
  clearTimeout(generation)
  clearImmediate(slice)
  generation = slice = again = undefined
  try {
    core.begin()
    do core.slice()
    while (core.behind)
    goOn()
  } catch {
    // It is durable where it is. Whoever asks for it, or for room for more, tries again and is told why it fails.
    again = setTimeout(settle, AGAIN_MS)
  }
}

function run(calls: readonly WorkerCall[]): WorkerAnswer[] {
  const appends = calls.filter((call) => call.op === 'append')
  if (appends.length > 0) return together(appends, () => core.append(appends).map((error) => error ?? undefined))
  const claims = calls.filter((call) => call.op === 'acquire')
  if (claims.length > 0) {
    return together(claims, () =>
      core
        .acquire(claims)
        .map((taken, at) => (taken ? undefined : new Fenced(claims[at]?.shard ?? '', claims[at]?.epoch ?? 0))),
    )
  }
  return calls.map((call) => {
    try {
      return { call: call.call, value: single(call) }
    } catch (error) {
      return refusal(call, error)
    }
  })
}

function together(calls: readonly WorkerCall[], work: () => (Error | undefined)[]): WorkerAnswer[] {
  try {
    const errors = work()
    return calls.map((call, at) =>
      errors[at] === undefined ? { call: call.call, value: undefined } : refusal(call, errors[at]),
    )
  } catch (error) {
    return calls.map((call) => refusal(call, error))
  }
}

function single(call: WorkerCall): unknown {
  switch (call.op) {
    case 'epoch':
      return core.epoch(call.shard)
    case 'find':
      return core.find(call.room, call.id)
    case 'load':
      return core.load(call.room)
    case 'ids':
      return core.ids(call.room, call.limit)
    case 'snapshot':
      return core.snapshot(call.shard, call.epoch, call.room, call.snapshot)
    case 'deadlines':
      return core.deadlines(call.shard)
    case 'head':
      return core.head(call.room)
    case 'read':
      return core.read(call.room, call.slice)
    case 'amendments':
      return core.amendments(call.room, call.amended)
    case 'seqAt':
      return core.seqAt(call.room, call.at)
    case 'close':
      return undefined
    default:
      throw new Error(`Unknown call ${call.op}.`)
  }
}

function refusal(call: WorkerCall, error: unknown): WorkerAnswer {
  return {
    call: call.call,
    error: error instanceof Error ? error.message : String(error),
    fenced: error instanceof Fenced,
  }
}
