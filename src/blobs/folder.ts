import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { Blobs } from '../server/ports/blobs.ts'
import { giveBack, markOwn } from '../server/ports/own-memory.ts'
import { Turns } from './turns.ts'

/** Keys are names of files */
const KEY = /^[\w-]{1,100}$/

/**
 * Keeps the contents of files in a folder, which is made when the first one comes. Every process on the database needs the same one. A backup of it
 * is good when it is taken after that of the database: a content never changes.
 * @example attachments: { blobs: folderBlobs('data/files') }
 */
export function folderBlobs(folder: string): Blobs {
  // 256 folders, so that none has too many files
  const pathOf = (key: string): string => {
    if (!KEY.test(key)) throw new Error(`${JSON.stringify(key)} is no key of a file`)
    return join(folder, key.slice(0, 2), key)
  }

  return {
    async put(key, content, size) {
      const path = pathOf(key)
      const part = `${path}.part`
      try {
        await makeFolder(dirname(path))
        const written = await writePieces(part, content)
        if (written !== size) throw new Error(`${written} bytes came instead of ${size}`)
        await rename(part, path)
        await flushFolder(dirname(path))
      } catch (error) {
        // Where nothing was read of it yet, its source would wait forever
        await content.cancel(error).catch(() => undefined)
        await rm(part, { force: true }).catch(() => undefined)
        throw error
      }
    },

    async get(key, range) {
      const file = await open(pathOf(key)).catch(orUndefined)
      if (!file) return undefined
      const part = range && { start: range.start, end: range.start + range.length - 1 }
      return Readable.toWeb(createReadStream('', { fd: file, ...part })) as ReadableStream<Uint8Array>
    },

    async delete(key) {
      const path = pathOf(key)
      await Promise.all([path, `${path}.part`].map((file) => rm(file, { force: true })))
    },
  }
}

/** Bytes that are written, and made durable, at a time */
const PIECE = 256 * 1024
/** Pieces that are written at a time, of all files */
const PIECES_AT_ONCE = 2
const turns = new Turns(PIECES_AT_ONCE)

/**
 * Writes a file piece by piece. What waits in the system's memory for a slow disk holds up everything else that has to be durable: the commits of a
 * database on the same disk wait for all of it.
 * @returns how many bytes came
 */
async function writePieces(path: string, content: ReadableStream<Uint8Array>): Promise<number> {
  const file = await open(path, 'w', 0o600)
  // Copied: to hold on to chunks of a byte each takes hundreds of times as much memory
  const piece = Buffer.allocUnsafeSlow(PIECE)
  markOwn(piece)
  let bytes = 0
  let inPiece = 0
  const write = (): Promise<void> =>
    turns.take(async () => {
      await file.appendFile(piece.subarray(0, inPiece))
      await file.datasync()
      inPiece = 0
    })
  try {
    for await (const chunk of content) {
      bytes += chunk.length
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + PIECE - inPiece)
        piece.set(part, inPiece)
        at += part.length
        inPiece += part.length
        if (inPiece === PIECE) await write()
      }
      giveBack(chunk)
    }
    await write()
    return bytes
  } finally {
    await file.close()
    giveBack(piece)
  }
}

/** Its entry in the folder above is durable too */
async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 })
  if (made !== undefined) await flushFolder(dirname(path))
}

/** A rename is durable once the folder is. Windows has no such thing, and its rename is durable by itself */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function orUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined
  throw error
}
