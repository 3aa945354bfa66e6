export interface Found {
  /** How the image is to be turned (EXIF): 1 to 8 */
  orientation: number
  /** Pixels before it is turned, where the format says so in a place that only reading finds */
  size?: { width: number; height: number } | undefined
}

/** Takes out of an image what tells where, when and with what it was taken. Its length stays */
export interface Cleaner {
  /** @returns what is ready; the rest comes later */
  push(chunk: Uint8Array): Uint8Array[]
  /** @returns what is left */
  end(): Uint8Array
  /** So far */
  readonly found: Found
}
