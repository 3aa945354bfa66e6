import { plural } from '../../protocol/plural.ts'
import type { AccountsCatalogue } from '../accounts/catalogue.ts'

const locale = 'en'

export const accounts: AccountsCatalogue = {
  locale,
  signIn: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  newPassword: 'New password',
  passwordHint: (n) => `${n} characters or more. A few words in a row are easy to remember.`,
  forgot: 'Forgot your password?',
  or: 'or',
  signInWith: (provider) => `Sign in with ${provider}`,
  toSignIn: 'Go to the sign-in page',
  noAccount: 'Nobody has an account yet',
  noAccountHint:
    'The server printed a link for the first account when it started. “deskbell account create-owner” prints another one.',
  noAccountTicket:
    'The server printed two links when it started. One signs in once, to try the dashboard; the other creates the first account.',
  dashboard: 'Go to the dashboard',

  codeTitle: 'Enter your code',
  codeIntro: 'Open your authenticator app and type the six digits that it shows for this account.',
  code: 'Code',
  codeHint: 'Without the app, type one of your recovery codes. Each works once.',
  confirm: 'Continue',

  forgotTitle: 'Set a new password',
  forgotIntro: 'Type the address that you sign in with. We send you a link to set a new password.',
  sendLink: 'Send the link',
  forgotSent:
    'If there is an account with this address, an e-mail with a link is on its way. The link works for one hour.',
  forgotNoMail:
    'This server sends no e-mails. An owner of your team can create a link for you on the team page, or “deskbell account reset” on the server.',

  resetTitle: 'Set a new password',
  setPassword: 'Set the password',
  resetDone: 'Your password is set. Sign in with it.',

  joinTitle: (appName) => `Join the support team of ${appName}`,
  joinIntro: 'Choose a password, and you can answer chats.',
  joinWithIntro: (provider) => `Sign in with ${provider}, and you can answer chats.`,
  joinWith: (provider) => `Continue with ${provider}`,
  firstOwnerTitle: 'Create the first account',
  firstOwnerIntro: 'Its owner can invite others and decide what they may do.',
  name: 'Your name',
  nameHint: 'People in the chat see it.',
  create: 'Create the account',

  linkGone: 'This link no longer works',
  linkGoneHint: 'It was used, or has expired, or a newer one took its place. Ask for another one.',

  enterTitle: (who) => `Sign in as ${who}`,
  enterIntro: 'This link was created on the server. It works once, for ten minutes.',

  provider: {
    tryAgain: 'Try again',
    otherAccount: 'Use another account',
    away: (provider) => `${provider} cannot be reached`,
    awayHint:
      'This is not your fault. Try again in a moment. If it keeps happening, tell the person who runs this server: its log says why.',
    declined: 'You are not signed in',
    declinedHint: (provider) => `${provider} did not sign you in. Try again, or use another account there.`,
    stale: 'Please sign in again',
    staleHint: 'This sign-in took too long, was used already, or was begun in another tab or browser.',
    unverified: 'Your e-mail address is not verified',
    unverifiedHint: (provider) =>
      `${provider} does not say that your address is yours. Verify it there, then try again.`,
    notInvited: 'You have no account here',
    notInvitedHint: (provider, email) =>
      `You are ${email} at ${provider}. Ask an owner of the team to invite this address, or use another account.`,
    otherAddress: 'This invitation is for another address',
    otherAddressHint: (provider, email) =>
      `You are ${email} at ${provider}. Use the account with the address that was invited, or ask for another invitation.`,
    otherIdentity: 'This address belongs to another account',
    otherIdentityHint: (provider) =>
      `Somebody with your address signed in here before, with another account at ${provider}. Use that one, or ask an owner to remove that account and invite you again.`,
    tooMany: 'Too many attempts',
  },

  errors: {
    wrongPassword: 'The address or the password is wrong.',
    wrongCode: 'This code is wrong or was used before. Wait for the next one.',
    weakPassword: (n) => `Choose a password of ${n} characters or more.`,
    invalidAddress: 'This is not an e-mail address.',
    addressTaken: 'There is an account with this address already.',
    tooMany: (minutes) =>
      plural(locale, minutes, {
        one: 'Too many attempts. Try again in a minute.',
        other: 'Too many attempts. Try again in # minutes.',
      }),
    busy: 'The server is busy. Try again in a moment.',
  },

  mail: {
    invitationSubject: (appName) => `Join the support team of ${appName}`,
    invitation: (appName, who) => `${who} invites you to answer the support chats of ${appName}.`,
    invitationButton: 'Join the team',
    resetSubject: (appName) => `Set a new password for ${appName} Support`,
    reset: (appName) => `Somebody asked for a new password for your account at ${appName} Support.`,
    resetButton: 'Set a new password',
    expires: 'The link works once.',
    unexpected: 'If you did not expect this e-mail, do nothing.',
  },
}
