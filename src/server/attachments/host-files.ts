// The files of a message that the host's own code sends.
import { DeskbellError } from '../../protocol/errors.ts'
import { base64url, sha256 } from '../bytes.ts'
import type { FileToSend } from '../chats/host-chats.ts'
import type { Identity } from '../people/identity.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { fileName } from './file-name.ts'
import type { Uploads } from './uploads.ts'

export interface HostFilesOptions {
  /** Null: messages carry no files */
  uploads: Pick<Uploads, 'receive'> | null
  sender: Identity
  chat: ChatRecord
  /** Of the message: one that is sent again finds its files */
  clientId: string | null
}

/**
 * Stores them one after the other.
 * @returns ids for `attachment_ids`
 * @throws DeskbellError `invalid_request` where messages carry no files, and what `Uploads.receive` throws
 */
export async function hostFiles(
  files: FileToSend[],
  { uploads, sender, chat, clientId }: HostFilesOptions,
): Promise<string[]> {
  const ids: string[] = []
  for (const [index, { name, content }] of files.entries()) {
    if (!uploads)
      throw new DeskbellError('invalid_request', 'attachments: needs the option attachments of createDeskbell')
    const blob = content instanceof Blob ? content : new Blob([content])
    const { attachment } = await uploads.receive({
      sender,
      chat,
      name: fileName(name),
      clientId: clientId === null ? null : base64url(await sha256(`file ${index} of ${clientId}`)),
      body: blob.stream(),
      size: blob.size,
    })
    ids.push(attachment.id)
  }
  return ids
}
