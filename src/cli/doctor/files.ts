import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { blobsOf } from '../../standalone/blobs.ts'
import { withoutPassword } from '../../standalone/loggable-settings.ts'
import type { Settings } from '../../standalone/settings.ts'
import { within } from '../../standalone/within.ts'
import { ok, reasonOf, wrong, type Finding } from './finding.ts'

/** How long a place may take for everything (ms) */
const PATIENCE = 10_000
const CONTENT = new TextEncoder().encode('deskbell')
const PART = { start: 4, length: 4 }

/** Whether the place for files takes one, gives out a part of it, and deletes it */
export async function checkFiles(settings: Settings): Promise<Finding[]> {
  const { attachmentLimit, filesUrl, dataDir } = settings
  if (attachmentLimit === null && filesUrl === null) return []
  const name = filesUrl === null ? join(dataDir, 'files') : withoutPassword(filesUrl)
  try {
    await within(PATIENCE, tryOut(settings))
    return [ok('files', `${name} stores, returns and deletes them`)]
  } catch (error) {
    const cure =
      filesUrl === null
        ? 'Give it to the server’s user'
        : 'Check FILES_URL, and that its keys may put, get and delete objects'
    return [wrong('files', `${name}: ${reasonOf(error)}. ${cure}`)]
  }
}

async function tryOut(settings: Settings): Promise<void> {
  const blobs = blobsOf(settings)
  const key = randomUUID()
  await blobs.put(key, new Blob([CONTENT]).stream(), CONTENT.length)
  try {
    const part = await blobs.get(key, PART)
    if ((await new Response(part).text()) !== 'bell')
      throw new Error('it returned something other than what was stored')
  } finally {
    await blobs.delete(key)
  }
}
