import { expect, it } from 'vitest'
import { isWorse, readHeldRatios, withHeldRatios, type HeldRatio } from './held-ratios.ts'
import { readPublication } from './publication.ts'

const throughput: HeldRatio = {
  scenario: 'core',
  figure: 'messages-per-cpu-second',
  of: 'deskbell',
  to: 'prototype-sqlite',
  ratio: 1,
}
const latency: HeldRatio = {
  ...throughput,
  scenario: 'rate-200',
  figure: 'echo-p99',
  to: 'socketio-sqlite',
  ratio: 0.8,
}

const page = (table: string): string => `# Title\n\n<!-- bench:ratios -->\n\n${table}\n\n<!-- /bench:ratios -->\n\nMore`
const HEAD = '| scenario | figure | of | to | ratio | better |\n| --- | --- | --- | --- | --- | --- |'

it('calls a ratio worse when it is so by more than a fifth, in the direction that is worse', () => {
  expect(isWorse(throughput, 0.81)).toBe(false)
  expect(isWorse(throughput, 0.79)).toBe(true)
  expect(isWorse(throughput, 5)).toBe(false)
  expect(isWorse(latency, 0.95)).toBe(false)
  expect(isWorse(latency, 0.97)).toBe(true)
  expect(isWorse(latency, 0.1)).toBe(false)
})

it('calls nothing worse that was not measured', () => {
  expect(isWorse(throughput, NaN)).toBe(false)
  expect(isWorse({ ...throughput, ratio: NaN }, 0.1)).toBe(false)
})

it('reads the ratios that it has written, and leaves the rest of the page alone', () => {
  const written = withHeldRatios(page('old'), [throughput, latency, { ...latency, figure: 'echo-p50', ratio: NaN }])
  expect(written).toMatch(/^# Title\n[^]*\nMore$/)
  expect(readHeldRatios(written)).toEqual([throughput, latency, { ...latency, figure: 'echo-p50', ratio: NaN }])
})

it('refuses a table that it cannot read, rather than holding less', () => {
  const row = '| core | messages-per-cpu-second | deskbell | prototype-sqlite | 1.00 | higher |'
  expect(readHeldRatios(page(`${HEAD}\n${row}`))).toEqual([throughput])
  expect(() => readHeldRatios('# No table')).toThrow()
  expect(() => readHeldRatios(page(HEAD))).toThrow()
  expect(() => readHeldRatios(page(`${HEAD}\n${row.replace('1.00', 'fast')}`))).toThrow('fast is no ratio')
  expect(() => readHeldRatios(page(`${HEAD}\n${row.replace('higher', 'lower')}`))).toThrow()
  expect(() => readHeldRatios(page(`${HEAD}\n${row.replace('messages-per-cpu-second', 'beauty')}`))).toThrow()
})

it('can read what is published', () => {
  const held = readHeldRatios(readPublication())
  const scenarios = new Set(held.map(({ scenario }) => scenario))
  expect([...scenarios].toSorted()).toEqual(['core', 'idle', 'opening', 'rate-200'])
})
