import type { AuditAction, StaffRole } from '../../../protocol/account.ts'
import type { MailBlock } from '../../../protocol/types.ts'

/** What the page of the team says, in one language */
export interface TeamCatalogue {
  locale: string
  members: string
  you: string
  roles: Record<StaffRole, string>
  roleOf: (who: string) => string
  twoFactor: string
  lastSeen: (when: string) => string
  neverSeen: string
  /** A button, and what it is called for screen readers */
  actions: string
  actionsOf: (who: string) => string
  resetLink: string
  twoFactorOff: string
  remove: string
  removeSure: (who: string) => string
  twoFactorSure: (who: string) => string
  loading: string
  failed: string
  retry: string
  /** Who opened the page may not manage the team */
  forOwners: string
  forOwnersHint: string
  /** The server keeps no accounts */
  noAccounts: string

  invite: string
  inviteHint: string
  email: string
  role: string
  send: string
  invitations: string
  invitedUntil: (day: string) => string
  withdraw: string
  withdrawOf: (email: string) => string
  /** Why no e-mails go to an address, and the button that lets them go again */
  mailBlocks: Record<MailBlock['kind'], string>
  unblockMail: string
  unblockMailOf: (email: string) => string

  /** The link went out by e-mail */
  sent: (email: string) => string
  copyLink: (email: string) => string
  link: string
  copy: string
  copied: string

  audit: string
  auditHint: string
  auditEmpty: string
  more: string
  /** By `AuditAction`; who did it is null on the command line, and `whom` null where it is about themselves */
  events: Record<AuditAction, (who: string, whom: string) => string>
  otherEvent: (who: string, action: string) => string
  commandLine: string
  from: (address: string) => string

  /** By the code of the error */
  refusals: Record<'last_owner' | 'address_taken' | 'invalid_address' | 'forbidden' | 'not_found' | 'other', string>
}
