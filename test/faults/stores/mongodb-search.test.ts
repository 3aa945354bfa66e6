// Many random queries, of which each takes FerretDB half a second.
import { describe } from 'vitest'
import { mongoStore } from '../../../src/stores/mongo.ts'
import { searchConformance } from '../../../src/testing/search-conformance.ts'
import { freshMongodb } from '../../support/mongodb.ts'
import { connect } from '../../support/mongodb-queries.ts'

const database = await freshMongodb()

describe.skipIf(!database)('MongoDB', () => {
  const { client } = connect(database)
  searchConformance('mongodb', () => mongoStore(client.db(), { fullTextSearch: true }))
})
