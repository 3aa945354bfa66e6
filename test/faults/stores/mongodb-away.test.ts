import { describe, expect } from 'vitest'
import { mongoStore } from '../../../src/stores/mongo.ts'
import { goneConformance } from '../../../src/testing/database-conformance/away.ts'
import { startMongodb } from '../../support/databases/mongodb.ts'
import { freshMongodb } from '../../support/mongodb.ts'

const database = await freshMongodb()

describe.skipIf(!database)('on a server of MongoDB’s protocol', () => {
  goneConformance('mongodb', {
    openUrl: (url) => mongoStore(url),
    startServer: async () => (await startMongodb()) ?? expect.fail('There is neither mongod nor Go here'),
  })
})
