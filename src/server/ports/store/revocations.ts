/** Whose tokens are no longer good: `user:ID`, `admin:ID`, or those of one session, `session:ID` */
export interface Revocation {
  subject: string
  /** Tokens that were issued before this time are refused */
  revoked_at: string
}

export interface RevocationStore {
  /** Keeps one per subject, the latest, in whatever order they come */
  revoke(revocation: Revocation): Promise<void>
  /** Those of `at` and later, oldest first; an empty `at` means all */
  revocationsSince(at: string): Promise<Revocation[]>
  forgetRevocations(before: string): Promise<void>
}
