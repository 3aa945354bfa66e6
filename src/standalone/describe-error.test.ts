import { MongoServerError } from 'mongodb'
import { expect, it } from 'vitest'
import { describe } from './describe-error.ts'

it('logs no value that MongoDB quotes, also of an error in another one', () => {
  const duplicate = new MongoServerError({
    message: 'E11000 duplicate key error collection: app.support_users index: key_1 dup key: { key: "what Ada wrote" }',
    code: 11_000,
  })
  const told = describe(new Error(duplicate.message, { cause: duplicate }))
  expect(told).toMatchObject({ cause: { type: 'MongoServerError', code: 11_000 } })
  expect(told.message).toBe('E11000 duplicate key error collection: app.support_users index: key_1 dup key: { key: … }')
  expect(JSON.stringify(told)).not.toContain('Ada')
})
