import type { StaffRole } from '../../../protocol/account.ts'

/** What the page of one's own account says, in one language */
export interface AccountCatalogue {
  locale: string
  name: string
  email: string
  unnamed: string
  role: string
  roles: Record<StaffRole, string>
  /** Instead of a role */
  byToken: string
  /** Before the name of the OpenID provider */
  provider: string

  password: string
  currentPassword: string
  newPassword: string
  passwordHint: string
  changePassword: string
  passwordChanged: string

  twoFactor: string
  twoFactorOff: string
  twoFactorOn: (recoveryCodes: number) => string
  setUp: string
  turnOn: string
  turnOff: string
  cancel: string
  scan: string
  qrCode: string
  secretHint: string
  code: string
  codeHint: string
  /** Where a recovery code will do as well */
  currentCodeHint: string
  recoveryCodes: string
  recoveryCodesHint: string
  newRecoveryCodes: string
  copyCodes: string
  copied: string
  codesKept: string

  sessions: string
  sessionsHint: string
  signOutEverywhere: string
  signOutFailed: string

  /** By the code of the error */
  refusals: Record<'wrong_password' | 'wrong_code' | 'weak_password' | 'rate_limited' | 'other', string>
}
