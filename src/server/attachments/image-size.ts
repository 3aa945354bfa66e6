import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_PIXELS } from '../../protocol/limits.ts'
import type { Found } from './metadata/cleaner.ts'

export interface ImageSize {
  /** Pixels */
  width: number
  height: number
}

/** EXIF orientations from this one on are turned by a quarter */
const FIRST_TURNED = 5

/**
 * How large an image is by its header; nothing is decoded.
 * @param head the beginning of the file
 * @returns undefined: the header does not say it
 */
export async function sizeInHead(head: Uint8Array): Promise<ImageSize | undefined> {
  const { imageSize } = await import('image-size')
  try {
    const { width, height } = imageSize(head)
    return { width, height }
  } catch {
    return undefined
  }
}

/** @throws DeskbellError `image_too_large`: a few bytes can stand for gigabytes of pixels */
export function refuseBomb(size: ImageSize | undefined): void {
  if (size && size.width * size.height > MAX_PIXELS) throw new DeskbellError('image_too_large')
}

/** As it is shown. @returns undefined: browsers draw no such image */
export function shownSize(size: ImageSize | undefined, { orientation }: Pick<Found, 'orientation'>) {
  if (!size || !(size.width > 0 && size.height > 0)) return undefined
  return orientation < FIRST_TURNED ? size : { width: size.height, height: size.width }
}
