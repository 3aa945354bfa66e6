// How somebody becomes a member: with the right of a link, and a password or the word of an OpenID provider.
import { v7 as uuidv7 } from 'uuid'
import { nameOf as cleanName } from '../../server/people/details.ts'
import { isoTime, type Clock } from '../../server/ports/clock.ts'
import type { AccountStore, StaffLink, StaffLinkKind, StaffMember } from '../../server/ports/store/accounts.ts'
import { AccountRefused, nameOf, type RecordAction } from './member.ts'

/** The links with which somebody may join */
export const JOINING: StaffLinkKind[] = ['first_owner', 'invitation']

export interface JoiningOptions {
  store: AccountStore
  clock: Clock
  record: RecordAction
}

export type Newcomer = Pick<StaffMember, 'email' | 'password' | 'identity' | 'identity_issuer'> & { name: string }

/**
 * Uses the link up, and makes the account.
 * @param address the network address
 * @returns undefined when the link was used in the meantime
 * @throws AccountRefused `address_taken`
 */
export async function joinWith(
  link: StaffLink,
  { name, ...newcomer }: Newcomer,
  address: string | null,
  { store, clock, record }: JoiningOptions,
): Promise<StaffMember | undefined> {
  if (!(await store.takeStaffLink(link.id))) return undefined
  const none = { totp: null, totp_step: 0, recovery: null, mails_off_at: null, last_seen_at: null }
  const member: StaffMember = {
    ...none,
    ...newcomer,
    id: uuidv7(),
    name: cleanName(name),
    role: link.role ?? 'agent',
    created_at: isoTime(clock.now()),
  }
  if (link.kind === 'first_owner') {
    // Several starts print several links, and they may be used at the same moment
    if (!(await store.addFirstStaff(member))) return undefined
  } else if (!(await store.addStaff(member))) throw new AccountRefused('address_taken')
  await record('joined', { name: nameOf(member), address })
  return member
}
