import type { ContactCatalogue } from '../contact/catalogue.ts'

export const words: ContactCatalogue = {
  title: 'How can we reach you?',
  hint: 'Leave an e-mail address, and we will tell you when a reply is waiting.',
  name: 'Name',
  email: 'E-mail',
  save: 'Save',
  skip: 'No, thanks',
  cancel: 'Cancel',
  remove: 'Remove',
  noAddress: 'This is not an e-mail address.',
  failed: 'It was not saved. Check your network and try again.',
  saved: 'Saved',
  removed: 'Removed',
  given: 'We reach you here:',
  change: 'Change',
}
