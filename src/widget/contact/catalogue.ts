/** What the form says in which people without an account leave their name and address */
export interface ContactCatalogue {
  title: string
  /** What it is good for */
  hint: string
  name: string
  email: string
  save: string
  /** Leaves it out, and is not asked again */
  skip: string
  cancel: string
  /** Takes back what was given */
  remove: string
  /** Below the address */
  noAddress: string
  failed: string
  /** Said to screen readers once it is stored */
  saved: string
  removed: string
  /** Said before the name and the address that are stored */
  given: string
  change: string
}
