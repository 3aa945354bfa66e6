import { expect, it } from 'vitest'
import type { LoadResult } from '../driver/load-result.ts'
import { judge } from './promises.ts'

const nothing = { count: 0, p50: NaN, p95: NaN, p99: NaN, max: NaN }
const fine = { expected: 100, lost: 0, doubled: 0, disordered: 0 }
const correct: LoadResult = {
  kind: 'load',
  mark: '#a:',
  sent: 100,
  echoes: fine,
  notifications: fine,
  views: fine,
  troubles: { counts: { disconnects: 0, errors: 0, malformed: 0, foreign: 0 }, examples: [] },
  echoed: 100,
  usage: { seconds: 1, server: 0, database: 0, driver: 0, others: 0 },
  residentKib: 0,
  echoMs: nothing,
  notificationMs: nothing,
  sendLagMs: nothing,
}

it('finds nothing wrong with a run whose messages all arrived and are all stored once', () => {
  expect(judge(correct, { rows: 100, distinct: 100 }, true).broken).toEqual([])
  expect(judge(correct, null, true).broken).toEqual([])
})

it('says which messages are missing in the database, and which are there twice', () => {
  expect(judge(correct, { rows: 99, distinct: 99 }, true).broken).toEqual(['stored 99 of 100 messages'])
  expect(judge(correct, { rows: 101, distinct: 100 }, true).broken).toEqual(['stored 1 messages twice'])
})

it('says what was lost, doubled and out of order, and with whom', () => {
  const broken = {
    ...correct,
    echoes: { ...fine, lost: 1 },
    notifications: { ...fine, doubled: 2 },
    views: { ...fine, disordered: 3 },
  }
  expect(judge(broken, null, true).broken).toEqual([
    'lost 1 of 100 echoes',
    'doubled 2 of 100 notifications',
    '3 of 100 messages in open chats came after a later one',
  ])
})

it('shows the disorder of those who are known for it, as no failure', () => {
  const disordered = { ...correct, echoes: { ...fine, disordered: 3 } }
  expect(judge(disordered, null, false)).toEqual({
    broken: [],
    known: ['3 of 100 echoes came after a later one'],
  })
})

it('takes connections that ended for a failure, whatever was measured', () => {
  const counts = { ...correct.troubles.counts, disconnects: 2 }
  const result = { ...correct, troubles: { counts, examples: ['disconnects: closed'] } }
  expect(judge(result, null, true).broken).toEqual(['2 disconnects (disconnects: closed)'])
})
