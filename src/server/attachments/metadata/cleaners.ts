import { boxCleaner } from './boxes.ts'
import type { Cleaner } from './cleaner.ts'
import { jpegCleaner } from './jpeg.ts'
import { pngCleaner } from './png.ts'
import { webpCleaner } from './webp.ts'

const CLEANERS: Record<string, () => Cleaner> = {
  'image/jpeg': jpegCleaner,
  'image/png': pngCleaner,
  'image/apng': pngCleaner,
  'image/webp': webpCleaner,
  'image/avif': boxCleaner,
  'image/heic': boxCleaner,
  'image/heic-sequence': boxCleaner,
  'image/heif': boxCleaner,
  'image/heif-sequence': boxCleaner,
  'video/mp4': boxCleaner,
  'video/quicktime': boxCleaner,
  'video/x-m4v': boxCleaner,
  'video/3gpp': boxCleaner,
  'video/3gpp2': boxCleaner,
  'audio/mp4': boxCleaner,
  'audio/x-m4a': boxCleaner,
}

/** Undefined: files of this type stay as they are */
export const cleanerOf = (type: string): Cleaner | undefined => CLEANERS[type]?.()
