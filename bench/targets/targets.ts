// Everything that can be measured, by name.
import { deskbell, deskbellMongodb, deskbellMysql, deskbellPostgres } from './deskbell.ts'
import { references } from './references.ts'
import type { Target } from './target.ts'

const ALL = new Map(
  [deskbell, deskbellPostgres, deskbellMysql, deskbellMongodb, ...references].map((target) => [target.name, target]),
)

/** @throws Error that lists the names, for one that there is not */
export function targetNamed(name: string): Target {
  const found = ALL.get(name)
  if (!found) throw new Error(`There is no target ${name}; there are ${[...ALL.keys()].join(', ')}`)
  return found
}
