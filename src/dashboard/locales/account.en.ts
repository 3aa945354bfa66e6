import { plural } from '../../protocol/plural.ts'
import type { AccountCatalogue } from '../pages/account/catalogue.ts'

const locale = 'en'

export const account: AccountCatalogue = {
  locale,
  name: 'Name',
  email: 'E-mail',
  unnamed: 'Not given',
  role: 'Role',
  roles: { owner: 'Owner', agent: 'Agent' },
  provider: 'Signs in with',
  byToken: 'Signed in by a link, without an account',

  password: 'Password',
  currentPassword: 'Current password',
  newPassword: 'New password',
  passwordHint: '12 characters or more. A few words in a row are easy to remember.',
  changePassword: 'Change the password',
  passwordChanged: 'Your password is changed, and you are signed out in all other browsers.',

  twoFactor: 'Two-step sign-in',
  twoFactorOff: 'With an authenticator app on your phone, your password alone is not enough to sign in as you.',
  twoFactorOn: (n) =>
    `It is on: after your password you are asked for a code of your app. ${plural(locale, n, { one: '# recovery code is left.', other: '# recovery codes are left.' })}`,
  setUp: 'Set it up',
  turnOn: 'Turn it on',
  turnOff: 'Turn it off',
  cancel: 'Cancel',
  scan: 'Scan this with your authenticator app.',
  qrCode: 'QR code for your authenticator app',
  secretHint: 'Or type this into the app:',
  code: 'Code',
  codeHint: 'The six digits that the app shows now.',
  currentCodeHint: 'The six digits that the app shows now, or one of your recovery codes.',
  recoveryCodes: 'Your recovery codes',
  recoveryCodesHint:
    'Keep them where you will find them without your phone. Each signs you in once. They are not shown again.',
  newRecoveryCodes: 'Make new recovery codes',
  copyCodes: 'Copy',
  copied: 'Copied',
  codesKept: 'I have kept them',

  sessions: 'Where you are signed in',
  sessionsHint:
    'This ends your sessions in every browser, this one too. Do it when you may have left one open somewhere.',
  signOutEverywhere: 'Sign out everywhere',
  signOutFailed: 'You are still signed in. Try again.',

  refusals: {
    wrong_password: 'The current password is wrong.',
    wrong_code:
      'This code is wrong, or was used before. Check that it is of this account, and that the clock of your phone is right.',
    weak_password: 'Choose a password of 12 characters or more.',
    rate_limited: 'Too many attempts. Try again in a few minutes.',
    other: 'That did not work. Try again.',
  },
}
