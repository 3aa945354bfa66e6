// What every Store over a database server must do besides storeConformance: several nodes, several tables beside each other, and
// other people's pools. awayConformance, which stops the server, is apart because it takes real seconds.
import { astrayTagsConformance } from './database-conformance/astray-tags.ts'
import { closingConformance } from './database-conformance/closing.ts'
import { concurrentConformance } from './database-conformance/concurrent.ts'
import { exactConformance } from './database-conformance/exact.ts'
import type { DatabaseKit } from './database-conformance/kit.ts'
import { likeSqliteConformance } from './database-conformance/like-sqlite.ts'
import { migratingConformance } from './database-conformance/migrating.ts'
import { roundTripsConformance } from './database-conformance/round-trips.ts'

export function databaseConformance(name: string, kit: DatabaseKit): void {
  migratingConformance(name, kit)
  exactConformance(name, kit)
  likeSqliteConformance(name, kit)
  astrayTagsConformance(name, kit)
  concurrentConformance(name, kit)
  roundTripsConformance(name, kit)
  closingConformance(name, kit)
}
