import type { Store } from '../../server/ports/store/store.ts'
import { systemClock } from '../../server/ports/clock.ts'
import type { Accounts, AccountsOptions } from './accounts.ts'

/** Loads what accounts need, and opens their tables */
export async function openAccounts({
  store: kept,
  secret,
  ...options
}: {
  store: Store
  /** The first is the one of now */
  secret: readonly [string, ...string[]]
  revoke: AccountsOptions['revoke']
  left: AccountsOptions['left']
  sessionFor?: number | undefined
}): Promise<Accounts> {
  const [{ Accounts: Opened }, { Secrets }] = await Promise.all([import('./accounts.ts'), import('./secrets.ts')])
  const store = await kept.accounts?.()
  if (!store) throw new Error('The store keeps no accounts')
  return new Opened({ store, allowances: kept, secrets: new Secrets(secret), clock: systemClock, ...options })
}
