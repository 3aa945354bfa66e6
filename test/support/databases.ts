// Real databases for tests. Where a server comes from, in this order: DESKBELL_TEST_POSTGRES and DESKBELL_TEST_MYSQL (URLs of
// somebody who may create databases), programs on the machine, `apt-get` as root. Without any, suites are skipped and say so;
// under CI, or with DESKBELL_TEST_ALL=1, that is a failure.
import { inject } from 'vitest'
import { onMysql } from './databases/mysql.ts'
import { onPostgres } from './databases/postgres.ts'
// What it provides is typed there
import type {} from './databases/setup.ts'

export type EngineName = 'postgres' | 'mysql'

const ENGINES = {
  postgres: { variable: 'DESKBELL_TEST_POSTGRES', install: 'postgresql', run: onPostgres },
  mysql: { variable: 'DESKBELL_TEST_MYSQL', install: 'mariadb-server', run: onMysql },
}

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

let made = 0

/**
 * A new, empty database; undefined when there is no such server here.
 * @example const database = await freshDatabase('postgres'); describe.skipIf(!database)('…', …)
 */
export async function freshDatabase(engine: EngineName): Promise<TestDatabase | undefined> {
  const { install, variable, run } = ENGINES[engine]
  const server = process.env[variable] ?? (await serverOfRun(engine))
  if (server === '') {
    const missing = `No ${engine} for tests: set ${variable}, or apt-get install ${install}`
    if (mustHaveAll()) throw new Error(missing)
    console.warn(`${missing}. Its suites are skipped.`)
    return undefined
  }
  const name = `deskbell_${process.pid}_${Date.now().toString(36)}_${made++}`
  await run(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => run(server, `DROP DATABASE ${name}${engine === 'postgres' ? ' WITH (FORCE)' : ''}`),
  }
}

/** Skipping is for a laptop alone */
export const mustHaveAll = (): boolean => Boolean(process.env['CI']) || process.env['DESKBELL_TEST_ALL'] === '1'

/** The URL of the server that all test files of a run share; empty where there is none */
export async function serverOfRun(engine: EngineName | 'mongodb'): Promise<string> {
  const answer = await fetch(`${inject('databases')}/${engine}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}
