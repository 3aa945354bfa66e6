// A file on its way in: what it is, and its content as a stream, of which no more than the beginning is ever in memory.
import { attachmentKind } from '../../protocol/attachments.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { giveBack, markOwn } from '../ports/own-memory.ts'
import type { StoredAttachment } from '../ports/store/attachments.ts'
import { fileType, UNKNOWN_TYPE } from './file-type.ts'
import { refuseBomb, shownSize, sizeInHead } from './image-size.ts'
import type { Cleaner } from './metadata/cleaner.ts'
import { cleanerOf } from './metadata/cleaners.ts'

/** Bytes that tell what a file is. In front of the size of a photograph are its colour profile and a small copy of it */
const HEAD = 256 * 1024

export interface IncomingFile {
  /** As long as the body, and without what tells where an image was taken */
  content: ReadableStream<Uint8Array>
  /**
   * What the file is. Call it once its content is read.
   * @throws DeskbellError `image_too_large`
   */
  described: () => Pick<StoredAttachment, 'type' | 'width' | 'height'>
}

/**
 * Reads the beginning of a file.
 * @throws DeskbellError `image_too_large`, and what `body` fails with
 */
export async function incomingFile(body: ReadableStream<Uint8Array>): Promise<IncomingFile> {
  const reader = body.getReader()
  try {
    return await begin(reader)
  } catch (error) {
    // Whoever gave it may read the rest
    reader.releaseLock()
    throw error
  }
}

async function begin(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<IncomingFile> {
  // Copied: to hold on to chunks of a byte each takes hundreds of times as much memory
  const space = new Uint8Array(HEAD)
  markOwn(space)
  const begun: Uint8Array[] = []
  let length = 0
  while (length < HEAD) {
    const { done, value } = await reader.read()
    if (done) break
    const part = value.subarray(0, HEAD - length)
    space.set(part, length)
    length += part.length
    if (part.length < value.length) begun.push(value.subarray(part.length))
    else giveBack(value)
  }
  const head = space.subarray(0, length)
  if (length > 0) begun.unshift(head)
  const type = await fileType(head)
  const isImage = attachmentKind({ type }) === 'image'
  const inHead = isImage ? await sizeInHead(head) : undefined
  refuseBomb(inHead)
  const cleaner = cleanerOf(type)
  return {
    content: streamOf(begun, reader, cleaner),
    described() {
      if (!isImage) return { type, width: null, height: null }
      const { orientation, size = inHead } = cleaner?.found ?? { orientation: 1 }
      refuseBomb(size)
      // What pretends to be an image, and is none, is just a file
      const shown = shownSize(size, { orientation })
      return shown ? { type, ...shown } : { type: UNKNOWN_TYPE, width: null, height: null }
    },
  }
}

function streamOf(
  begun: Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
  cleaner: Cleaner | undefined,
): ReadableStream<Uint8Array> {
  const next = async (): Promise<Uint8Array | undefined> => begun.shift() ?? (await reader.read()).value
  return new ReadableStream(
    {
      async pull(controller) {
        // A part may be held back as a whole, and then nothing would ask again
        for (let ready: Uint8Array[] = []; ready.length === 0;) {
          const chunk = await next()
          ready = chunk ? (cleaner?.push(chunk) ?? [chunk]) : []
          if (chunk) for (const part of ready) controller.enqueue(part)
          else {
            const rest = cleaner?.end() ?? new Uint8Array(0)
            if (rest.length > 0) controller.enqueue(rest)
            return controller.close()
          }
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

interface BodyEvents {
  /** The peer is asked for more. @returns called once something came */
  waiting: () => () => void
  failed: (error: DeskbellError) => void
}

export interface CheckedBody {
  body: ReadableStream<Uint8Array>
  /** Breaks it off. What waits for it fails with the error */
  stop: (error: DeskbellError) => void
}

const incomplete = (): DeskbellError => new DeskbellError('invalid_request', 'The body is incomplete')

/**
 * The body of an upload. It fails when it breaks off, is stopped, or is longer or shorter than announced
 * @param size bytes
 */
export function checkedBody(
  body: ReadableStream<Uint8Array>,
  size: number,
  { waiting, failed }: BodyEvents,
): CheckedBody {
  const reader = body.getReader()
  let left = size
  let stopped: DeskbellError | undefined
  /** @returns undefined at its end */
  async function next(): Promise<Uint8Array | undefined> {
    // A host that read the body before says so by an error of ours
    const read = reader.read().catch((error: unknown) => (error instanceof DeskbellError ? error : incomplete()))
    const came = waiting()
    const result = await read
    came()
    if (stopped) throw stopped
    if (result instanceof DeskbellError) throw result
    left -= result.value?.length ?? 0
    if (left < 0) throw new DeskbellError('invalid_request', 'The body is longer than announced')
    if (result.done && left > 0) throw incomplete()
    return result.value
  }
  const checked = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await next()
          if (!chunk) return controller.close()
          controller.enqueue(chunk)
        } catch (error) {
          failed(error as DeskbellError)
          void reader.cancel(error).catch(() => undefined)
          throw error
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return {
    body: checked,
    stop(error) {
      stopped ??= error
      void reader.cancel(error).catch(() => undefined)
    },
  }
}
