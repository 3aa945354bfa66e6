import type { Times } from './times.ts'

/** What the page of numbers says, in one language */
export interface NumbersCatalogue {
  locale: string
  rangeLabel: string
  lastDays: (days: number) => string
  timesLabel: string
  times: Record<Times, string>
  count: (n: number) => string
  unread: string
  /** The server counts to 1,000, which means that there may be more */
  unreadCount: (n: number) => string
  chats: string
  messages: string
  median: string
  p90: string
  archived: string
  /** From the first message to the last reply */
  lastMedian: string
  lastP90: string
  rating: string
  /** What the mean is of */
  meanOf: (ratings: number) => string
  /** Of ratings, from 1 to 5 */
  mean: (rating: number) => string
  /** The same in a table, with how many they are */
  meanWithCount: (rating: number, ratings: number) => string
  noReplies: string
  noRatings: string
  /** In a table, for a number that there is not */
  none: string
  /** A time to a reply */
  duration: (seconds: number) => string
  perDay: string
  fromUsers: string
  fromStaff: string
  /** Of one day, for its bar */
  dayLabel: (day: string, users: number, staff: number, chats: number) => string
  colleagues: string
  colleague: string
  unnamed: string
  tags: string
  tag: string
  nobody: string
  empty: string
  /** How the numbers are made */
  hint: string
  download: string
  downloadColleagues: string
  downloadTags: string
  fileName: (from: string, to: string) => string
  colleaguesFileName: (from: string, to: string) => string
  tagsFileName: (from: string, to: string) => string
  loading: string
  failed: string
  retry: string
}
