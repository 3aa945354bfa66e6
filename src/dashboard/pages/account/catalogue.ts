/** What the page of one's own account says, in one language */
export interface AccountCatalogue {
  locale: string
  name: string
  email: string
  unnamed: string
  sessions: string
  sessionsHint: string
  signOutEverywhere: string
  signOutFailed: string
}
