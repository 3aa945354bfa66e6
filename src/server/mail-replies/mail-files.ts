// Takes the files of a mail in as uploads of who sent it.
import { DeskbellError, type ErrorCode } from '../../protocol/errors.ts'
import { fileName } from '../attachments/file-name.ts'
import type { Uploads } from '../attachments/uploads.ts'
import type { Identity } from '../people/identity.ts'
import type { MailAttachment } from '../ports/inbound-mail.ts'
import type { ChatRecord } from '../ports/store/chats.ts'

/** Files that are taken from one mail */
const MOST = 50
/** Bytes of a picture in the text. A smaller one is the logo or the symbol of a signature; a larger one may be what the mail is about */
const PICTURE = 10_000

export interface MailFilesOptions {
  /** Null: messages carry no files */
  uploads: Pick<Uploads, 'receive'> | null
  sender: Identity
  chat: ChatRecord
  /** Of the mail: one that is delivered again finds its files */
  clientId: string
  onError: (error: unknown) => void
}

export interface StoredFiles {
  /** For `attachment_ids` */
  ids: string[]
  /** Names of those that were left out */
  left: string[]
}

/** The limits that the file or its sender is over. What else goes wrong may go right when the mail is delivered again */
const LEAVES_OUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'file_too_large',
  'image_too_large',
  'too_many_files',
  'empty_file',
  'conflict',
])

/**
 * Stores them one after the other.
 * @throws DeskbellError `unavailable`: the mail is to be delivered again
 */
export async function storeFiles(files: MailAttachment[], options: MailFilesOptions): Promise<StoredFiles> {
  const stored: StoredFiles = { ids: [], left: [] }
  for (const [index, file] of files.entries()) {
    const found = index < MOST ? await storeFile(file, index + 1, options) : 'left out'
    if (found === 'left out') stored.left.push(file.name || file.type)
    else if (found !== 'decoration') stored.ids.push(found.id)
  }
  return stored
}

async function storeFile(
  { name, contentId, content: open }: MailAttachment,
  number: number,
  { uploads, sender, chat, clientId, onError }: MailFilesOptions,
): Promise<{ id: string } | 'left out' | 'decoration'> {
  if (!uploads || !open) return contentId === undefined ? 'left out' : 'decoration'
  const content = await open().catch((error: unknown) => {
    onError(error)
    throw new DeskbellError('unavailable', undefined, 30)
  })
  if (contentId !== undefined && content.size < PICTURE) return 'decoration'
  const upload = {
    sender,
    chat,
    name: fileName(name),
    clientId: `${clientId}.${number}`,
    body: content.stream(),
    size: content.size,
  }
  try {
    return (await uploads.receive(upload)).attachment
  } catch (error) {
    if (!(error instanceof DeskbellError)) throw error
    if (LEAVES_OUT.has(error.code) && error.retryAfter === undefined) return 'left out'
    throw new DeskbellError('unavailable', undefined, error.retryAfter ?? 30)
  }
}
