import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { openDocument, type Place } from './opened.ts'

const COME_EVERY_MS = 1_000

/** They keep coming until the thread is ended, and say how long each took until the text was there, whole and applied. */
const place = workerData as Place
for (;;) {
  using opened = await openDocument(place)
  await opened.provider.ready
  parentPort?.postMessage(performance.now() - opened.askedAt)
  await sleep(COME_EVERY_MS)
}
