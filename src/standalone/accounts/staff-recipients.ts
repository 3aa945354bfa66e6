// Whom of the team a mail about a chat that waits goes to.
import { MAX_STAFF_ADDRESSES, type StaffRecipients } from '../../server/notifications/staff-mails.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'

type Member = Pick<StaffMember, 'id' | 'email' | 'mails_off_at' | 'last_seen_at'>

export interface RecipientsOptions {
  /** Who gets the mails, members or not */
  addresses: readonly string[]
  /** All members get them as well */
  team: boolean
  members: () => Promise<readonly Member[]>
}

/** The member who has the chat, or else everybody who is to get the mails; in neither case a member who turned them off */
export const staffRecipients =
  ({ addresses, team, members }: RecipientsOptions): StaffRecipients =>
  async ({ assignee }) => {
    const all = await members()
    const wants = ({ mails_off_at }: Member): boolean => mails_off_at === null
    const holder = all.find(({ id }) => id === assignee?.id)
    if (holder && wants(holder)) return [holder.email]
    const off = new Set(all.filter((member) => !wants(member)).map(({ email }) => email.toLowerCase()))
    const listed = addresses.filter((address) => !off.has(address.toLowerCase()))
    const known = new Set(listed.map((address) => address.toLowerCase()))
    const others = team ? all.filter((member) => wants(member) && !known.has(member.email.toLowerCase())) : []
    return [...listed, ...others.toSorted(lastSeenFirst).map(({ email }) => email)].slice(0, MAX_STAFF_ADDRESSES)
  }

const lastSeenFirst = (a: Member, b: Member): number => ((a.last_seen_at ?? '') < (b.last_seen_at ?? '') ? 1 : -1)
