// What the parts of accounts share: who acts, what a member is called, and why something was not done.
import type { AccountRefusal, AuditAction } from '../../protocol/account.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import { isPassword } from './passwords.ts'

/** The account was not changed. The dashboard and the pages say why in words */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused'
  readonly reason: AccountRefusal
  constructor(reason: AccountRefusal) {
    super(reason)
    this.reason = reason
  }
}

/** Who does something, and from where: for the audit log */
export interface Actor {
  /** A name or an address; null on the command line */
  name: string | null
  /** The network address */
  address: string | null
}

export const nameOf = ({ name, email }: Pick<StaffMember, 'name' | 'email'>): string => name ?? email

/** Writes to the audit log. `subject`: whom it was done to */
export type RecordAction = (action: AuditAction, actor: Actor, subject?: string | null) => Promise<void>

/** @throws AccountRefused `wrong_password` */
export async function confirmPassword(member: StaffMember, password: string): Promise<void> {
  if (!(await isPassword(member.password || null, password))) throw new AccountRefused('wrong_password')
}
