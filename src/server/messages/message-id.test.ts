import { validate, version } from 'uuid'
import { expect, it } from 'vitest'
import { newMessageId } from './message-id.ts'

it('makes ids that differ, however many', () => {
  const ids = Array.from({ length: 1_000 }, newMessageId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !validate(id) || version(id) !== 7)).toEqual([])
})
