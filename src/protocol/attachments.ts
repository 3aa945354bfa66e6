// Files that a message carries.

/** A file that belongs to a message, or waits for one */
export interface SupportAttachment {
  /** UUID, made by the server */
  id: string
  /** The name that its sender gave it, without a path: at most 200 characters */
  name: string
  /** A MIME type that was found in its content, such as `image/jpeg`; `application/octet-stream` when nobody knows it */
  type: string
  /** Bytes */
  size: number
  /** Pixels as they are shown, so after a rotation; null unless it is an image that browsers draw */
  width: number | null
  /** See `width` */
  height: number | null
  /** Where it opens, relative to the mount point, for a day at least. Whoever has it opens the file */
  url: string
}

/** What a server takes. In `GET support_chat` and `GET admin/chats/:id`; null there: no files */
export interface AttachmentLimits {
  /** Bytes of one file */
  max_bytes: number
  /** Files of one message */
  max_files: number
}

/** How a file is shown: `file` is downloaded, the others open in the page */
export type AttachmentKind = 'image' | 'audio' | 'video' | 'pdf' | 'file'

/** The images that every browser draws. SVG is none of them: it has scripts */
const IMAGES = /^image\/(jpeg|png|gif|webp|avif)$/

/** @param type of a `SupportAttachment` */
export function attachmentKind({ type }: Pick<SupportAttachment, 'type'>): AttachmentKind {
  if (IMAGES.test(type)) return 'image'
  if (type.startsWith('audio/')) return 'audio'
  if (type.startsWith('video/')) return 'video'
  return type === 'application/pdf' ? 'pdf' : 'file'
}
