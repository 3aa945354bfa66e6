import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb'
import { expect, it } from 'vitest'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import { explained } from './errors.ts'

it.each([
  new MongoNetworkError('the connection was closed'),
  new MongoBulkWriteError(new MongoNetworkError('the connection was closed'), {} as never),
  new MongoServerError({ message: 'not primary', code: 10_107 }),
])('says that the database is unavailable for %s', (error) => {
  expect(explained(error)).toBeInstanceOf(StoreUnavailable)
  expect((explained(error) as Error).cause).toBe(error)
})

it.each([new MongoServerError({ message: 'duplicate', code: 11_000 }), new TypeError('no function')])(
  'leaves %s as it is',
  (error) => expect(explained(error)).toBe(error),
)
