// What staff see of how much was written, how long people waited, and what they said of it. It is counted as it happens.

/** How long people waited for the replies that came, and how the help was */
export interface ReplyTimes {
  /** Replies to somebody who had waited */
  replies: number
  /** Half of them had waited no longer (seconds, within 10 %); null: there were none */
  median_s: number | null
  /** Nine of ten had waited no longer */
  p90_s: number | null
  /** As `median_s`, of the hours in which staff are there; null: no hours are set, or there were none */
  open_median_s: number | null
  /** As `p90_s`, of the hours in which staff are there */
  open_p90_s: number | null
  /** Chats that were archived after something was written */
  archived: number
  /** From the first message of a chat, or the one that brought it back, to the last reply before its archive: half of them took no longer */
  last_median_s: number | null
  /** Nine of ten took no longer */
  last_p90_s: number | null
  /** As `last_median_s`, of the hours in which staff are there */
  open_last_median_s: number | null
  /** As `last_p90_s`, of the hours in which staff are there */
  open_last_p90_s: number | null
  /** Users who said how the help was */
  ratings: number
  /** The mean of what they said, from 1, bad, to 5, great; null: there were none */
  rating: number | null
}

export interface DayNumbers extends ReplyTimes {
  /** `YYYY-MM-DD`, in UTC */
  day: string
  /** Chats that began */
  chats: number
  user_messages: number
  staff_messages: number
}

export interface ColleagueNumbers extends ReplyTimes {
  id: string
  name: string | null
  messages: number
}

export interface TagNumbers extends ReplyTimes {
  tag: string
}

/** `GET admin/numbers` */
export interface Numbers extends ReplyTimes {
  /** Each day, the oldest first, also where nothing happened. The last one is today */
  days: DayNumbers[]
  /** Whoever of staff wrote in these days, most messages first */
  colleagues: ColleagueNumbers[]
  /** Chats that had a tag when it happened, most archived first; at most 100 */
  tags: TagNumbers[]
  /** Active chats with something unread, now, at most 1,000 */
  unread_chats: number
}

/** The most days at once */
export const MAX_NUMBER_DAYS = 92
/** The most tags in the numbers */
export const MAX_NUMBER_TAGS = 100

/** Buckets for each doubling of the time */
const PER_DOUBLING = 4
/** About a year */
const LAST_BUCKET = 100

/** The bucket of a wait of `ms`: each is a fifth longer than the one before */
export const waitBucket = (ms: number): number =>
  Math.min(LAST_BUCKET, Math.max(0, Math.round(PER_DOUBLING * Math.log2(Math.max(ms, 1) / 1_000))))

/** The middle of a bucket, in seconds */
export const waitOfBucket = (bucket: number): number => Math.round(2 ** (bucket / PER_DOUBLING))
