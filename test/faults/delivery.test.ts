// Whatever happens to networks and servers: in the end everybody has seen every message once, in order, and every badge counts
// what the database counts.
import './model/fast.ts'
import { describe } from 'vitest'
import { leadLives } from './model/lead-lives.ts'

describe('one node on SQLite', () => leadLives({ engine: 'sqlite', nodes: 1 }, 50))
