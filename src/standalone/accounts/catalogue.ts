/** What the pages and e-mails of accounts say, in one language. `locales/accounts.en.ts` is the English one */
export interface AccountsCatalogue {
  locale: string
  signIn: string
  email: string
  password: string
  newPassword: string
  passwordHint: (characters: number) => string
  forgot: string
  /** Between the form and the provider's button */
  or: string
  signInWith: (provider: string) => string
  toSignIn: string
  /** Instead of the form, while nobody has an account */
  noAccount: string
  noAccountHint: string
  /** The same, where the server printed a link that signs in without an account, too */
  noAccountTicket: string
  dashboard: string

  codeTitle: string
  codeIntro: string
  code: string
  codeHint: string
  confirm: string

  forgotTitle: string
  forgotIntro: string
  sendLink: string
  /** Whoever asked, and whether or not there is such an account */
  forgotSent: string
  /** Where no e-mails are sent */
  forgotNoMail: string

  resetTitle: string
  setPassword: string
  resetDone: string

  joinTitle: (appName: string) => string
  joinIntro: string
  /** Where an OpenID provider is the only way */
  joinWithIntro: (provider: string) => string
  joinWith: (provider: string) => string
  firstOwnerTitle: string
  firstOwnerIntro: string
  name: string
  nameHint: string
  create: string

  linkGone: string
  linkGoneHint: string

  /** The operator’s link, which signs in once */
  enterTitle: (who: string) => string
  enterIntro: string

  /** What came of signing in with an OpenID provider. `email`: the address that they have there */
  provider: {
    tryAgain: string
    otherAccount: string
    away: (provider: string) => string
    awayHint: string
    declined: string
    declinedHint: (provider: string) => string
    stale: string
    staleHint: string
    unverified: string
    unverifiedHint: (provider: string) => string
    notInvited: string
    notInvitedHint: (provider: string, email: string) => string
    otherAddress: string
    otherAddressHint: (provider: string, email: string) => string
    otherIdentity: string
    otherIdentityHint: (provider: string) => string
    tooMany: string
  }

  errors: {
    wrongPassword: string
    wrongCode: string
    weakPassword: (characters: number) => string
    invalidAddress: string
    addressTaken: string
    tooMany: (minutes: number) => string
    busy: string
  }

  mail: {
    invitationSubject: (appName: string) => string
    invitation: (appName: string, who: string) => string
    invitationButton: string
    resetSubject: (appName: string) => string
    reset: (appName: string) => string
    resetButton: string
    expires: string
    unexpected: string
  }
}
