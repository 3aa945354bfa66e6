import type { AccountCatalogue } from '../pages/account/catalogue.ts'

export const account: AccountCatalogue = {
  locale: 'en',
  name: 'Name',
  email: 'E-mail',
  unnamed: 'Not given',
  sessions: 'Where you are signed in',
  sessionsHint:
    'This ends your sessions in every browser, this one too. Do it when you may have left one open somewhere.',
  signOutEverywhere: 'Sign out everywhere',
  signOutFailed: 'You are still signed in. Try again.',
}
