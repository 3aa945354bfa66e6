import { plural } from '../../protocol/plural.ts'
import type { NumbersCatalogue } from '../pages/numbers/catalogue.ts'

const locale = 'en'

const duration = (seconds: number): string => {
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`
  if (seconds < 86_400) return `${(seconds / 3_600).toLocaleString(locale, { maximumFractionDigits: 1 })} h`
  return plural(locale, Math.round(seconds / 86_400), { one: '# day', other: '# days' })
}

const mean = (rating: number): string => `${rating.toLocaleString(locale, { maximumFractionDigits: 1 })} of 5`

export const numbers: NumbersCatalogue = {
  locale,
  rangeLabel: 'Which days',
  lastDays: (n) => `${n} days`,
  timesLabel: 'Which times',
  times: { all: 'All hours', open: 'Only our hours' },
  count: (n) => n.toLocaleString(locale),
  unread: 'Unread now',
  unreadCount: (n) => (n > 999 ? `${(999).toLocaleString(locale)}+` : n.toLocaleString(locale)),
  chats: 'New chats',
  messages: 'Messages',
  median: 'Median time to a reply',
  p90: '90 % had one within',
  archived: 'Archived',
  lastMedian: 'Median time to the last reply',
  lastP90: '90 % had their last within',
  rating: 'Rating',
  meanOf: (ratings) => plural(locale, ratings, { one: 'Mean of # rating', other: 'Mean of # ratings' }),
  mean,
  meanWithCount: (rating, ratings) => `${mean(rating)} (${ratings.toLocaleString(locale)})`,
  noReplies: 'No replies',
  noRatings: 'No ratings',
  none: '–',
  duration,
  perDay: 'Messages a day',
  fromUsers: 'From customers',
  fromStaff: 'From staff',
  dayLabel: (day, users, staff, chats) =>
    `${day}: ${users.toLocaleString(locale)} from customers, ${staff.toLocaleString(locale)} from staff, ${plural(locale, chats, { one: '# new chat', other: '# new chats' })}`,
  colleagues: 'By colleague',
  colleague: 'Colleague',
  unnamed: 'Without a name',
  tags: 'By tag',
  tag: 'Tag',
  nobody: 'Nobody on the team wrote in these days.',
  empty: 'Nothing was written in these days.',
  hint: 'Days are in UTC. The time to a reply runs from the first message that has no reply yet. The time to the last reply runs from the first message of a chat, or the one that brought it back from the archive, and is counted when the chat is archived. Archives and ratings count for the person who replied last.',
  download: 'Download days as CSV',
  downloadColleagues: 'Download colleagues as CSV',
  downloadTags: 'Download tags as CSV',
  fileName: (from, to) => `numbers ${from} to ${to}.csv`,
  colleaguesFileName: (from, to) => `numbers by colleague ${from} to ${to}.csv`,
  tagsFileName: (from, to) => `numbers by tag ${from} to ${to}.csv`,
  loading: 'Loading the numbers',
  failed: 'The numbers did not load.',
  retry: 'Try again',
}
