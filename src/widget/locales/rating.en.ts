import type { RatingCatalogue } from '../rating/catalogue.ts'

export const words: RatingCatalogue = {
  title: 'How was our help?',
  faces: [
    ['😞', 'Bad'],
    ['🙁', 'Not good'],
    ['😐', 'Okay'],
    ['🙂', 'Good'],
    ['😀', 'Great'],
  ],
  comment: 'Anything to add? (optional)',
  send: 'Send',
  skip: 'No, thanks',
  thanks: 'Thank you. It helps us.',
  failed: 'It was not sent. Check your network and try again.',
}
