import { existsSync } from 'node:fs'
import { databaseName, openDatabase, planDatabase } from '../../standalone/database.ts'
import type { Settings } from '../../standalone/settings.ts'
import { within } from '../../standalone/within.ts'
import { checkAccounts } from './accounts.ts'
import { checkClock } from './clock.ts'
import { checkDurability } from './durability.ts'
import { ok, reasonOf, wrong, type Finding } from './finding.ts'
import { rightsOn } from './rights.ts'
import { checkStaffEmails } from './staff-emails.ts'

/** How long the database may take to answer (ms). The drivers give up after ten seconds, and know more of why */
const PATIENCE = 15_000
const CHECK = 'database'

export interface DatabaseCheck {
  findings: Finding[]
  /** Undefined: the database could not be read */
  epoch?: string
}

/** Changes nothing: a database that is not up to date stays so. */
export async function checkDatabase(settings: Settings): Promise<DatabaseCheck> {
  const { databaseUrl, fullTextSearch, signInUrl } = settings
  const name = databaseName(databaseUrl)
  try {
    const rights = await within(PATIENCE, rightsOn(databaseUrl))
    if (rights.onTables !== null) return { findings: [wrong(CHECK, `${name}: ${rights.onTables}`)] }
    const pending = await within(PATIENCE, planDatabase(databaseUrl, { fullTextSearch }))
    if (pending.length > 0 && rights.onSchema !== null)
      return { findings: [wrong(CHECK, `${name} is not up to date, and ${rights.onSchema}`)] }
    if (pending.length > 0) {
      const isMissing = databaseUrl.startsWith('sqlite:') && !existsSync(name)
      const what = `${name} is ${isMissing ? 'not there yet' : 'not up to date'}: run deskbell migrate, or start the server`
      return { findings: [wrong(CHECK, what)] }
    }
    // Without search, which would write what is not indexed yet
    const store = await within(PATIENCE, openDatabase(databaseUrl))
    try {
      const findings = [ok(CHECK, `${name} answers and is up to date`)]
      const asked = Date.now()
      const { time, epoch } = await within(PATIENCE, store.ping())
      findings.push(checkClock(Date.parse(time), asked, Date.now()))
      findings.push(await writable(() => store.forgetRevocations('1970-01-01T00:00:00.000Z')))
      findings.push(...(await within(PATIENCE, checkDurability(databaseUrl))))
      if (signInUrl === null) findings.push(await within(PATIENCE, checkAccounts(store, settings)))
      findings.push(...(await within(PATIENCE, checkStaffEmails(store, settings))))
      return { findings, epoch }
    } finally {
      await store.close()
    }
  } catch (error) {
    const said = reasonOf(error)
    const text = said.includes(name) ? said : `${name}: ${said}`
    return { findings: [wrong(CHECK, `${text}. Check DATABASE_URL, and that the server runs`)] }
  }
}

/** A write that matches no row */
async function writable(write: () => Promise<void>): Promise<Finding> {
  try {
    await within(PATIENCE, write())
    return ok('database writes', 'It can be written to')
  } catch (error) {
    return wrong('database writes', `It cannot be written to: ${reasonOf(error)}`)
  }
}
