// Brings a database up to date: at most one node at a time does, the others wait and find it done.
import type { Line, Lines } from './line.ts'
import { checkVersion, LATEST } from './migrations/version.ts'
import { pendingMigrations } from './migrations/migrations.ts'
import type { SchemaEngine } from './schema-engine.ts'

/** What is made while nodes are running, and outside any transaction: it takes as long as the table is big, and nobody waits for it */
export interface SlowStep {
  /** The statements that are left to run; none when it is there */
  pending(line: Line): Promise<string[]>
  /** Runs them, on one node at a time; on the others it resolves when that one is done */
  run(line: Line): Promise<void>
}

export interface MigrationHost {
  engine: SchemaEngine
  lines: Lines
  /** Where Deskbell's tables are: what to ask information_schema for, and the record's full name */
  find: string
  versionTable: string
  /** Runs `work` while no other node runs its; what it did not finish is undone where the engine can */
  exclusively(line: Line, work: () => Promise<void>): Promise<void>
  /** Run before the first migration */
  prepare: string[]
  /** After the last one */
  slowStep?: SlowStep | undefined
}

/** 0: there are no tables yet. @throws Error when a newer version has been here */
async function versionOf({ find, versionTable }: MigrationHost, line: Line): Promise<number> {
  const [table] = (await line.run(find, [])).rows
  if (!table) return 0
  const [row] = (await line.run(`select coalesce(max(version), 0) as version from ${versionTable}`, [])).rows
  const { version } = row as { version: number }
  checkVersion(version)
  return version
}

async function withLine<T>(lines: Lines, work: (line: Line) => Promise<T>): Promise<T> {
  const line = await lines.borrow()
  try {
    const result = await work(line)
    line.release()
    return result
  } catch (error) {
    // A lock or half a transaction may hang on it
    line.destroy()
    throw error
  }
}

export function migrate(host: MigrationHost): Promise<void> {
  return withLine(host.lines, async (line) => {
    // Mostly it is up to date, and finding that out needs no right to change anything
    if ((await versionOf(host, line)) < LATEST) {
      await host.exclusively(line, async () => {
        for (const statement of await pending(host, line)) await line.exec(statement)
      })
    }
    await host.slowStep?.run(line)
  })
}

/** What `migrate` would run now */
export function planMigrations(host: MigrationHost): Promise<string[]> {
  return withLine(host.lines, async (line) => [
    ...(await pending(host, line)),
    ...((await host.slowStep?.pending(line)) ?? []),
  ])
}

async function pending(host: MigrationHost, line: Line): Promise<string[]> {
  const version = await versionOf(host, line)
  return [...(version === 0 ? host.prepare : []), ...pendingMigrations(host.engine, version)]
}
