// The accounts of staff in the stand-alone server, as the dashboard reads and changes them. In a host's app staff have none of ours.

import type { MailBlock } from './types.ts'

export type StaffRole = 'owner' | 'agent'

/** `GET dashboard/account`: who is signed in */
export interface StaffAccount {
  name: string | null
  email: string
  /** null: they signed in by a link or a token of the operator's, and have no account */
  member: {
    role: StaffRole
    /** They can sign in with a password; else by OpenID Connect alone */
    has_password: boolean
    /** What the OpenID provider is called with which they sign in too; null: none */
    provider: string | null
    two_factor: boolean
    /** Recovery codes that are left */
    recovery_codes: number
    /** They get mails about messages that wait */
    waiting_mails: boolean
  } | null
  /** How long a message waits before staff get a mail about it (ms); null: this server sends none */
  waiting_mails_after: number | null
}

/** `POST dashboard/account/two_factor`: what the authenticator app needs */
export interface TwoFactorSetup {
  secret: string
  /** `otpauth://…`, for a QR code */
  uri: string
}

/** Shown once */
export interface RecoveryCodes {
  recovery_codes: string[]
}

/** `GET dashboard/team`, for owners */
export interface Team {
  /** Members can sign in with passwords */
  passwords: boolean
  members: TeamMember[]
  invitations: TeamInvitation[]
}

export interface TeamMember {
  id: string
  name: string | null
  email: string
  role: StaffRole
  two_factor: boolean
  last_seen_at: string | null
  /** The one who asks */
  is_you: boolean
  /** Why the address gets no e-mails; null: it does */
  mail_block: MailBlock | null
}

export interface TeamInvitation {
  id: string
  email: string
  role: StaffRole
  created_at: string
  expires_at: string
  /** Why the address gets no e-mails; null: it does */
  mail_block: MailBlock | null
}

/** A link for a colleague: by e-mail, or to copy where no mail went out */
export interface SentLink {
  sent: boolean
  /** null when it was sent */
  link: string | null
}

/** What the audit log tells of */
export const AUDIT_ACTIONS = [
  'joined',
  'signed_in',
  'signed_out_everywhere',
  'password_changed',
  'password_reset',
  'two_factor_on',
  'two_factor_off',
  'recovery_code_used',
  'recovery_codes_made',
  'invited',
  'invitation_withdrawn',
  'made_owner',
  'made_agent',
  'reset_link_made',
  'sign_in_link_made',
  'identity_connected',
  'mail_unblocked',
  'removed',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** `GET dashboard/audit`, for owners, newest first */
export interface AuditEntry {
  id: string
  at: string
  /** One of `AUDIT_ACTIONS`; a newer server may know more */
  action: string
  /** Who did it; null: it was done on the command line */
  actor: string | null
  /** To whom, where that is somebody else */
  subject: string | null
  address: string | null
}

/** Why the server refused to change an account: the `code` of the problem document, with the status 422 */
export type AccountRefusal =
  'wrong_password' | 'wrong_code' | 'weak_password' | 'invalid_address' | 'address_taken' | 'last_owner'
