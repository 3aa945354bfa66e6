import { plural } from '../../protocol/plural.ts'
import type { Store } from '../../server/ports/store/store.ts'
import { Secrets } from '../../standalone/accounts/secrets.ts'
import type { Settings } from '../../standalone/settings.ts'
import { note, ok, wrong, type Finding } from './finding.ts'

const CHECK = 'accounts'

/** Whether staff can sign in with the accounts that are there */
export async function checkAccounts(
  store: Store,
  { secret, passwords }: Pick<Settings, 'secret' | 'passwords'>,
): Promise<Finding> {
  const members = (await (await store.accounts?.())?.listStaff()) ?? []
  const secrets = new Secrets(secret)
  const unread = members.filter(({ totp }) => totp !== null && secrets.unseal(totp) === undefined)
  const count = (n: number): string => plural('en', n, { one: '# member', other: '# members' })
  if (members.length === 0)
    return note(CHECK, 'Nobody has one yet: deskbell account create-owner prints a link that creates the first one')
  if (unread.length > 0)
    return wrong(
      CHECK,
      `The second factor of ${count(unread.length)} was kept with another secret: set DESKBELL_OTHER_SECRET to that one, or run deskbell account ${passwords ? 'reset' : 'sign-in'} EMAIL --second-factor-off`,
    )
  return ok(CHECK, `${count(members.length)} can sign in`)
}
