/** `subject` is a person, `user:ID` or `admin:ID`; a session, `session:ID`; or a chat that was erased, `chat:ID` */
export interface Revocation {
  subject: string
  /** ISO 8601. Tokens issued before this time are refused */
  revoked_at: string
}

export interface RevocationStore {
  /** Keeps the latest per subject, in whatever order they are stored */
  revoke(revocation: Revocation): Promise<void>
  /** Revocations of `at` and later, oldest first; an empty `at` means all */
  revocationsSince(at: string): Promise<Revocation[]>
  forgetRevocations(before: string): Promise<void>
}
