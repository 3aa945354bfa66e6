// What is measured: the plan of the driver, and whom it is meant for.
import type { Plan } from '../driver/plan.ts'

export interface Scenario {
  name: string
  title: string
  plan: Plan
  /** Server and database share core 0, the driver has core 1; else the kernel places them */
  isPinned: boolean
  targets: string[]
  rounds: number
}

const LOAD = { kind: 'load', staff: 2, views: 1, size: 100, warmUp: 3, duration: 6, drain: 8 } as const
const RATE = { ...LOAD, users: 1_000, warmUp: 4, duration: 15 } as const

export const SCENARIOS: Scenario[] = [
  {
    name: 'core',
    title: '100 users write as fast as they are answered, server and database on one core',
    plan: { ...LOAD, users: 100, pace: { underWay: 1 } },
    isPinned: true,
    targets: [
      'deskbell',
      'prototype-sqlite',
      'socketio-sqlite',
      'anycable-sqlite',
      'centrifugo-sqlite',
      'deskbell-postgres',
      'deskbell-mongodb',
      'prototype-postgres',
      'socketio-postgres',
      'anycable-postgres',
      'centrifugo-postgres',
      'rails-postgres',
      'deskbell-mysql',
      'prototype-mysql',
    ],
    rounds: 3,
  },
  {
    name: 'order',
    title: '10 users have 20 messages each under way: who keeps their order?',
    plan: { ...LOAD, users: 10, pace: { underWay: 20 } },
    isPinned: false,
    targets: [
      'deskbell',
      'deskbell-postgres',
      'socketio-sqlite',
      'socketio-postgres',
      'anycable-postgres',
      'centrifugo-postgres',
      'rails-postgres',
    ],
    rounds: 1,
  },
  {
    name: 'rate-200',
    title: '200 messages a second among 1,000 connections',
    plan: { ...RATE, pace: { rate: 200 } },
    isPinned: false,
    targets: [
      'deskbell',
      'socketio-sqlite',
      'anycable-sqlite',
      'centrifugo-sqlite',
      'prototype-sqlite',
      'deskbell-postgres',
      'socketio-postgres',
      'anycable-postgres',
      'centrifugo-postgres',
    ],
    rounds: 3,
  },
  {
    name: 'idle',
    title: '10,000 connections that follow a chat each and say nothing',
    // Two intervals of those who ping every 25 seconds: a shorter time would hold one of their bursts or none
    plan: { kind: 'hold', connections: 10_000, hold: 50 },
    isPinned: false,
    targets: ['deskbell', 'prototype', 'socketio-sqlite', 'anycable-sqlite', 'centrifugo-sqlite'],
    rounds: 2,
  },
  {
    name: 'opening',
    title: '4,000 people open the chat, 50 at a time, leave, and come back; server and database on one core',
    plan: { kind: 'open', connections: 4_000, atOnce: 50 },
    isPinned: true,
    targets: ['deskbell', 'prototype', 'socketio-sqlite', 'deskbell-postgres', 'socketio-postgres'],
    rounds: 3,
  },
  {
    name: 'fan-out',
    title: '3,000 connections of staff hear 10 messages a second',
    plan: { kind: 'fan', listeners: 3_000, rate: 10, duration: 10 },
    isPinned: true,
    targets: ['deskbell', 'prototype', 'prototype-sqlite'],
    rounds: 3,
  },
]

/** @throws Error that lists the names, for one that there is not */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name)
  if (!found) throw new Error(`There is no scenario ${name}; there are ${SCENARIOS.map((s) => s.name).join(', ')}`)
  return found
}

/** The same with shorter measured times, for a check that is repeated often */
export function brief(scenario: Scenario): Scenario {
  const { plan } = scenario
  if (plan.kind === 'load' || plan.kind === 'fan')
    return { ...scenario, plan: { ...plan, duration: Math.ceil(plan.duration / 2) } }
  return plan.kind === 'hold' ? { ...scenario, plan: { ...plan, hold: 6 } } : scenario
}
