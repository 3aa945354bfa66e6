/** The content of a file, of which not all has to be in memory. A `Blob` is one */
export interface FileContent {
  /** Bytes */
  readonly size: number
  /** All of it, from the beginning, at each call */
  stream(): ReadableStream<Uint8Array>
}
