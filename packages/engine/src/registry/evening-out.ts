import { clientsAstray, planSendOns } from './plan-send-ons.ts'
import type { SendOn } from './plan-send-ons.ts'
import type { GatewayReport } from './registry.ts'

/** A zone that is uneven for so many looks in a row is uneven, and not only between two reports. */
const UNEVEN_LOOKS = 3
/**
 * A zone that has grown by this since the last look is filling: those who come are put where there is room, which evens it out
 * without anybody having to move.
 */
const FILLING_SHARE = 0.01
/** How long those who are asked may take to be connected elsewhere. */
export const SEND_ON_WITHIN_MS = 5_000
/** From an order until it shows in all reports: they move, and each gateway reports every second. */
const SETTLE_MS = SEND_ON_WITHIN_MS + 2_000
/** When so many orders in a row changed nothing for the better, something keeps clients where they are; */
const ORDERS_IN_VAIN = 3
/** it may be another after so long. */
const GIVEN_UP_MS = 300_000

interface Zone {
  unevenLooks: number
  clients: number
  begun: boolean
  quietUntil: number
  fewestAstray: number
  inVain: number
}

/** What a look at the reports leads to: orders, and zones in which orders are of no use for now. */
export interface Evening {
  sendOns: SendOn[]
  givenUp: string[]
}

/** Evens out the sockets of each zone step by step: waits for each step to show, and rests once it is even enough. */
export class EveningOut {
  readonly #zones = new Map<string, Zone>()

  /** To be called every second with what the gateways report; `now` is monotonic. */
  look(reports: readonly GatewayReport[], now: number): Evening {
    const evening: Evening = { sendOns: [], givenUp: [] }
    const byZone = Map.groupBy(reports, ({ zone }) => zone)
    for (const name of this.#zones.keys()) if (!byZone.has(name)) this.#zones.delete(name)
    for (const [name, gateways] of byZone) {
      const clients = gateways.reduce((sum, { connections }) => sum + connections, 0)
      const zone = this.#zones.get(name) ?? resting(clients)
      this.#zones.set(name, zone)
      const filling = clients > zone.clients * (1 + FILLING_SHARE)
      zone.clients = clients
      if (filling) zone.unevenLooks = 0
      if (now < zone.quietUntil) continue
      const sendOns = planSendOns(gateways, () => zone.begun)
      if (sendOns.length === 0) this.#zones.set(name, resting(clients))
      else if (++zone.unevenLooks >= UNEVEN_LOOKS) {
        const astray = clientsAstray(gateways)
        zone.inVain = astray < zone.fewestAstray ? 0 : zone.inVain + 1
        zone.fewestAstray = Math.min(astray, zone.fewestAstray)
        if (zone.inVain >= ORDERS_IN_VAIN) {
          this.#zones.set(name, resting(clients, now + GIVEN_UP_MS))
          evening.givenUp.push(name)
        } else {
          zone.begun = true
          zone.quietUntil = now + SETTLE_MS
          evening.sendOns.push(...sendOns)
        }
      }
    }
    return evening
  }

  /** Begins anew: others may have seen to it meanwhile. */
  forget(): void {
    this.#zones.clear()
  }
}

const resting = (clients: number, quietUntil = 0): Zone => ({
  unevenLooks: 0,
  clients,
  begun: false,
  quietUntil,
  fewestAstray: Infinity,
  inVain: 0,
})
