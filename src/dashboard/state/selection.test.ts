import { signal } from '@preact/signals'
import { beforeEach, expect, it } from 'vitest'
import type { SupportChatListItem } from '../../protocol/types.ts'
import { chatOf } from '../testing/memory-chats.ts'
import { bulkRun } from './bulk-run.ts'
import { MOST_SELECTED, Selection, type BulkWork } from './selection.ts'

const listOf = (...names: string[]) => ({
  rows: signal<readonly SupportChatListItem[]>(names.map((name) => chatOf(name, 1))),
})
const list = signal(listOf())
const isPossible = signal(true)
let sent: [string, string][]
let refused: Set<string>
let told: number
let underWay: number
let most: number
let selection: Selection
beforeEach(() => {
  list.value = listOf('a', 'b', 'c', 'd', 'e')
  sent = []
  refused = new Set()
  told = underWay = most = 0
  selection = new Selection({
    list,
    isPossible,
    attempt: (work: BulkWork, chats, tried) =>
      bulkRun(
        chats,
        async ({ user_id: name }) => {
          most = Math.max(most, ++underWay)
          await new Promise((resolve) => setTimeout(resolve))
          underWay--
          sent.push([work.kind, name])
          if (refused.has(name)) throw new Error('No')
        },
        tried,
      ),
    done: () => told++,
  })
})
const chooseAll = (): void => selection.choose(list.value.rows.value.map(({ id }) => id))
const names = (): string => selection.chats.value.map(({ user_id }) => user_id).join('')

it('selects single rows, ranges, and all that are loaded', () => {
  selection.toggle('chat b')
  expect([selection.isOn.value, names()]).toEqual([true, 'b'])
  selection.extendTo('chat d')
  expect(names()).toBe('bcd')
  selection.toggle('chat c')
  selection.extendTo('chat a')
  expect(names()).toBe('abcd')
  chooseAll()
  expect(names()).toBe('abcde')
  selection.choose([])
  expect([selection.isOn.value, names()]).toEqual([true, ''])
  selection.end()
  expect(selection.isOn.value).toBe(false)
  // A range without a beginning is its end
  selection.extendTo('chat e')
  expect(names()).toBe('e')
})

it('holds no row that has left the list, ends with the list, and has a limit', () => {
  chooseAll()
  list.value.rows.value = list.value.rows.value.slice(1)
  expect(names()).toBe('bcde')
  list.value = listOf('x')
  expect([selection.isOn.value, names()]).toEqual([false, ''])
  list.value = listOf(...Array.from({ length: MOST_SELECTED + 50 }, (_, i) => `n${i}`))
  chooseAll()
  expect(selection.ids.value.size).toBe(MOST_SELECTED)
})

it('does it for each, a few at a time, says what was not done, and keeps that selected', async () => {
  list.value = listOf(...Array.from({ length: 40 }, (_, i) => `n${i}`))
  refused = new Set(['n3', 'n17'])
  chooseAll()
  const seen: (number | undefined)[] = []
  const stop = selection.progress.subscribe((progress) => seen.push(progress?.tried))
  await selection.run({ kind: 'tag', tag: 'vip' })
  stop()
  expect(sent).toHaveLength(40)
  expect(most).toBe(6)
  expect(seen.slice(0, 3)).toEqual([undefined, 0, 1])
  expect(selection.progress.value).toBeNull()
  expect(selection.outcome.value).toMatchObject({ done: 38, work: { kind: 'tag' }, archived: [] })
  expect([names(), told]).toEqual(['n3n17', 1])
  refused.clear()
  await selection.run({ kind: 'tag', tag: 'vip' })
  expect(selection.outcome.value).toMatchObject({ done: 2, failed: [] })
})

it('undoes an archive, for the chats that were archived', async () => {
  refused = new Set(['b'])
  for (const id of ['chat a', 'chat b', 'chat c']) selection.toggle(id)
  await selection.run({ kind: 'archive' })
  expect(selection.outcome.value?.archived.map(({ user_id }) => user_id)).toEqual(['a', 'c'])
  sent = []
  await selection.undo()
  expect(sent).toEqual([
    ['restore', 'a'],
    ['restore', 'c'],
  ])
  expect(selection.outcome.value).toMatchObject({ work: { kind: 'restore' }, done: 2, archived: [] })
})

it('tells nothing in a list that was not there when it began', async () => {
  selection.toggle('chat a')
  const running = selection.run({ kind: 'archive' })
  list.value = listOf('x')
  await running
  expect([selection.outcome.value, selection.isOn.value]).toEqual([null, false])
})

it('is not possible where messages stand among the chats', () => {
  isPossible.value = false
  selection.choose([])
  selection.toggle('chat a')
  selection.extendTo('chat b')
  expect([selection.isOn.value, names()]).toEqual([false, ''])
  isPossible.value = true
})
