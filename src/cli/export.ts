import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { exportPerson } from '../server/people/export.ts'
import { exportedFiles } from '../server/people/exported-files.ts'
import type { StoredAttachment } from '../server/ports/store/attachments.ts'
import type { Store } from '../server/ports/store/store.ts'
import { blobsOf } from '../standalone/blobs.ts'
import { SettingsError, type Settings } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'
import { noSuchUser, oneUser } from './one-user.ts'

/**
 * `deskbell export USER-ID`: all that is stored about a user, as JSON, on the standard output; with `--files FOLDER`, the files of their
 * messages into this folder
 */
export const exportCommand: Command = async (settings, args) => {
  const { values, positionals } = parseArgs({ args, options: { files: { type: 'string' } }, allowPositionals: true })
  const id = oneUser('export', positionals)
  const store = await openStore(settings())
  try {
    const parts = await exportPerson(store, id, new Date().toISOString())
    if (!parts) throw noSuchUser(id)
    await pipeline(Readable.from(parts), process.stdout, { end: false })
    if (values.files !== undefined) await writeFiles(store, settings(), id, values.files)
  } finally {
    await store.close()
  }
}

/** What ends a name, as far as every file system takes it */
const ENDING = /\.[A-Za-z0-9]{1,10}$/

/** The id is in the JSON too, beside the name that the file had, which no file system need take */
const fileNameOf = ({ id, name }: StoredAttachment): string => id + (ENDING.exec(name)?.[0] ?? '')

/** @throws SettingsError when one is not there; the others are written */
async function writeFiles(store: Store, settings: Settings, userId: string, folder: string): Promise<void> {
  const blobs = blobsOf(settings)
  const missing: string[] = []
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for await (const file of exportedFiles(store, userId)) {
    const content = await blobs.get(file.id)
    const path = join(folder, fileNameOf(file))
    if (content)
      await pipeline(
        Readable.fromWeb(content as NodeReadableStream<Uint8Array>),
        createWriteStream(path, { mode: 0o600 }),
      )
    else missing.push(`${file.id} (${oneLine(file.name)})`)
  }
  if (missing.length > 0) throw new SettingsError(`These files are not where files are kept: ${missing.join(', ')}`)
}
