// The same lives on three nodes, on every engine and bus that people run them on; the lines to the database and to the bus fail too.
// Time passes less fast here: drivers give a server on a busy machine some seconds to answer, and those must be long enough.
process.env['TIME_SPEED'] ??= '8'
await import('../../src/testing/fast-time.ts')
const { describe } = await import('vitest')
const { leadLives } = await import('./model/lead-lives.ts')

describe('PostgreSQL and Redis', () => leadLives({ engine: 'postgres', bus: 'redis', nodes: 3 }, 5))
describe('PostgreSQL and NATS', () => leadLives({ engine: 'postgres', bus: 'nats', nodes: 3 }, 5))
describe('PostgreSQL alone', () => leadLives({ engine: 'postgres', nodes: 3 }, 5))
describe('MySQL or MariaDB, and Redis', () => leadLives({ engine: 'mysql', bus: 'redis', nodes: 3 }, 5))
describe('MongoDB and Redis', () => leadLives({ engine: 'mongodb', bus: 'redis', nodes: 3 }, 5))

export {}
