import { expect, it } from 'vitest'
import { Preferences } from './preferences.ts'

it('is as the person left it, and stores nothing that was never changed', () => {
  const stored = new Map<string, string>()
  const storage = {
    get: (key: string) => stored.get(key) ?? null,
    set: (key: string, value: string | null) => void (value === null ? stored.delete(key) : stored.set(key, value)),
  }
  const first = new Preferences(storage)
  expect([first.dense.value, first.singleKeys.value, stored.size]).toEqual([false, true, 0])
  first.dense.value = true
  first.singleKeys.value = false
  const second = new Preferences(storage)
  expect([second.dense.value, second.singleKeys.value]).toEqual([true, false])
  second.dense.value = false
  second.singleKeys.value = true
  expect(stored.size).toBe(0)
  second.close()
  second.dense.value = true
  expect(stored.size).toBe(0)
})

it('takes over what was changed in another tab', () => {
  const stored = new Map<string, string>()
  const storage = {
    get: (key: string) => stored.get(key) ?? null,
    set: (key: string, value: string | null) => void (value === null ? stored.delete(key) : stored.set(key, value)),
  }
  const [here, there] = [new Preferences(storage), new Preferences(storage)]
  there.sound.value = false
  there.desktop.value = true
  expect([here.sound.value, here.desktop.value]).toEqual([true, false])
  here.refresh()
  expect([here.sound.value, here.desktop.value]).toEqual([false, true])
})
