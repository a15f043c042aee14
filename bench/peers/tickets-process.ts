import { answerCalls } from '../process/calls.ts'
import { nodeParts } from './plenary-node.ts'

export interface TicketsSettings {
  secrets: string
}

/** Gives out tickets, so that no server is charged for making them, nor for the garbage of it. */
const { secrets } = JSON.parse(process.argv[2] ?? '{}') as TicketsSettings
const { tickets } = await nodeParts('tickets', secrets)

const calls = { tickets }

export type TicketsCalls = typeof calls
answerCalls(calls)
