import { LIMITS } from '@plenary/kinds'
import type { Noted } from '../happening.ts'
import { FAULTS, type Act, type Plan } from '../plan.ts'
import type { Book, Rule } from './book.ts'

/** After a crash, rooms take commands again within the lease's time to live and so much more. */
const MORE_MS = 2_000
/** A command that was asked for this shortly before may still be on its way. */
const ON_ITS_WAY_MS = 1_500
/** Nothing else may be wrong from so long before the crash: what it leaves behind is over by then. */
const ALONE_MS = 20_000

/** R8: where a node dies alone and others are left in its zone, people on other gateways are answered again in time. */
export function liveRules(book: Book): Rule {
  const crashes = loneCrashes(book.plan)
  const gateways = new Map<number, { node: number; since: number }>()
  const waiting = new Map<string, { person: number; room: string; at: number }>()
  /** When each person was last answered in each room: whoever said much meanwhile is answered one command after the other. */
  const served = new Map<string, number>()
  let next = 0

  /** At the moment when all must be well again. */
  const look = ({ at, node }: Act & { do: 'crash' }, now: Noted) => {
    const due = at + LIMITS.leaseTtlMs + MORE_MS
    for (const [id, { person, room, at: askedAt }] of waiting) {
      const gateway = gateways.get(person)
      const stayed = gateway !== undefined && gateway.node !== node && gateway.since < at
      const isServed = (served.get(`${person} ${room}`) ?? -Infinity) > now.at - ON_ITS_WAY_MS
      if (!stayed || isServed || askedAt > due - ON_ITS_WAY_MS) continue
      const text = `person ${person} waits in ${room} for ${id} since ${askedAt} ms; node ${node} crashed at ${at} ms.`
      book.broken('R8', text, now, { room, person })
    }
  }

  return {
    note(happening) {
      const crash = crashes[next]
      if (crash !== undefined && happening.at > crash.at + LIMITS.leaseTtlMs + MORE_MS) {
        next++
        look(crash, happening)
      }
      switch (happening.what) {
        case 'connected':
          gateways.set(happening.person, { node: happening.node, since: happening.at })
          break
        case 'ended':
          if (gateways.get(happening.person)?.node === happening.node) gateways.delete(happening.person)
          break
        case 'asked':
          waiting.set(happening.id, { person: happening.person, room: happening.room, at: happening.at })
          break
        case 'saved':
        case 'refused':
          waiting.delete(happening.id)
          served.set(`${happening.person} ${happening.room}`, happening.at)
          break
        default:
      }
    },
  }
}

function loneCrashes({ acts, shape }: Plan): (Act & { do: 'crash' })[] {
  const faults = acts.filter((act) => (FAULTS as readonly string[]).includes(act.do))
  const recoversMs = LIMITS.leaseTtlMs + MORE_MS
  return faults.filter((act): act is Act & { do: 'crash' } => {
    if (act.do !== 'crash' || shape.nodes <= shape.zones) return false
    const others = Array.from({ length: shape.nodes }, (_, node) => node)
    const inZone = others.filter((node) => node % shape.zones === act.node % shape.zones)
    if (inZone.length < 2) return false
    // A fault without an end of its own, such as a drift, is a fault until all is mended.
    return faults.every((other) => other === act || other.at > act.at + recoversMs || isOver(other, act.at - ALONE_MS))
  })
}

function isOver(fault: Act, byMs: number): boolean {
  if (fault.do === 'drift' || fault.do === 'wall-jump') return false
  return fault.at + ('forMs' in fault ? fault.forMs : 0) < byMs
}
