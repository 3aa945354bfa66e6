// The files of one message. What draws them is loaded with the first one.
import type { ComponentChildren } from 'preact'
import { h } from 'preact'
import type { SupportAttachment } from '../protocol/attachments.ts'
import type { ConversationCatalogue } from './catalogue.ts'
import type { FileSource } from './files/file-source.ts'
import { useFiles } from './use-files.ts'

export interface MessageFilesProps {
  files: readonly SupportAttachment[]
  words: ConversationCatalogue
  conversation: FileSource
}

export function MessageFiles({ files, words, conversation }: MessageFilesProps): ComponentChildren {
  return useFiles(true)?.drawFiles(files, h, words.files, conversation)
}
