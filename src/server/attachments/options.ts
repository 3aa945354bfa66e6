import type { Blobs } from '../ports/blobs.ts'

/** What one person may upload within an hour, over all chats */
export interface HourlyUploads {
  files: number
  bytes: number
}

/** Files that messages carry: docs/attachments.md */
export interface AttachmentOptions {
  /** Where their contents are stored, such as `folderBlobs('files')`. Every process on one database needs the same place */
  blobs: Blobs
  /** Bytes of one file. Default: 25 MB (25 × 1024 × 1024). 0: no more are taken; those that are there open still, and are deleted in their time */
  maxBytes?: number | undefined
  /** What one person may upload within an hour; null: not limited. Default: 200 files of together 1 GB; null when `rateLimit` is null */
  perHour?: HourlyUploads | null | undefined
}

export interface SettledAttachments {
  blobs: Blobs
  maxBytes: number
  perHour: HourlyUploads | null
}

const MB = 1024 * 1024
const MAX_BYTES = 25 * MB
const PER_HOUR: HourlyUploads = { files: 200, bytes: 1024 * MB }
/** Databases store the number in four bytes */
const MOST_BYTES = 2_147_483_647

/**
 * @param isLimited people may not send as much as they like
 * @throws Error when an option is invalid
 */
export function settleAttachments(
  { blobs, maxBytes = MAX_BYTES, perHour }: AttachmentOptions,
  isLimited: boolean,
): SettledAttachments {
  if (!Number.isInteger(maxBytes) || maxBytes > MOST_BYTES)
    throw new Error(`attachments.maxBytes must be a whole number of bytes, at most ${MOST_BYTES}`)
  return { blobs, maxBytes, perHour: perHour === undefined ? (isLimited ? PER_HOUR : null) : perHour }
}
