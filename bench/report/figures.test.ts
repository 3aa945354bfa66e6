import { expect, it } from 'vitest'
import type { RunRecord } from '../scenarios/run-once.ts'
import { figureNamed, medianOf } from './figures.ts'
import { comparisonsOf } from './ratios.ts'
import { tableOf } from './table.ts'

const usage = (cpu: number) => ({ seconds: 10, server: cpu, database: 0, driver: 1, others: 0 })

/** An opening of 1,000 connections that took so much CPU */
const record = (target: string, cpu: number, broken: string[] = []): RunRecord => ({
  scenario: 'opening',
  target,
  round: 1,
  noise: 0,
  broken,
  known: [],
  stored: null,
  result: {
    kind: 'open',
    connections: 1_000,
    first: usage(cpu),
    again: usage(cpu),
    troubles: { counts: { disconnects: 0, errors: 0, malformed: 0, foreign: 0 }, examples: [] },
  },
})

const perCpuSecond = figureNamed('openings-per-cpu-second')

it('takes the median, the mean of the two in the middle where the number is even', () => {
  expect(
    medianOf(
      perCpuSecond,
      [1, 2, 10].map((cpu) => record('deskbell', cpu)),
    ),
  ).toBe(500)
  expect(
    medianOf(
      perCpuSecond,
      [1, 2].map((cpu) => record('deskbell', cpu)),
    ),
  ).toBe(750)
  expect(medianOf(perCpuSecond, [])).toBeNaN()
})

it('compares Deskbell with those on the same kind of database, and with those that have none', () => {
  const records = ['deskbell', 'deskbell-postgres', 'socketio-sqlite', 'prototype'].map((target, i) =>
    record(target, 1 + i),
  )
  const pairs = comparisonsOf(records).map(({ of, to, ratios }) => [of, to, ratios['openings-per-cpu-second']])
  expect(pairs).toEqual([
    ['deskbell', 'socketio-sqlite', 3],
    ['deskbell', 'prototype', 4],
    ['deskbell-postgres', 'prototype', 2],
  ])
})

it('says in the table which target was not correct', () => {
  const table = tableOf([record('deskbell', 1), record('prototype', 1, ['lost 1 of 100 echoes'])], (name) => name)
  expect(table.split('\n').map((line) => line.includes('| NO |'))).toEqual([false, false, false, true])
})
