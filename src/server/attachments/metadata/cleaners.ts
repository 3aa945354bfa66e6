import type { Cleaner } from './cleaner.ts'
import { jpegCleaner } from './jpeg.ts'
import { pngCleaner } from './png.ts'
import { webpCleaner } from './webp.ts'

const CLEANERS: Record<string, () => Cleaner> = {
  'image/jpeg': jpegCleaner,
  'image/png': pngCleaner,
  'image/apng': pngCleaner,
  'image/webp': webpCleaner,
}

/** Undefined: files of this type stay as they are */
export const cleanerOf = (type: string): Cleaner | undefined => CLEANERS[type]?.()
