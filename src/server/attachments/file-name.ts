import { MAX_FILE_NAME } from '../../protocol/limits.ts'
import { cutBefore } from '../../protocol/whole-characters.ts'

/** What makes a name look like another one: control characters, and those that change the direction of a text or are not seen. Joiners are parts of characters */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu
/** The end of a name that says what the file is */
const EXTENSION = /\.[\p{L}\p{N}]{1,10}$/u

/**
 * A file's name as it is shown and downloaded: on one line, without a path, at most `MAX_FILE_NAME` characters. A long one keeps its extension.
 * Where nothing is left, it is `file`.
 */
export function fileName(given: string): string {
  const last = given.toWellFormed().replaceAll(UNSEEN, '').split(/[/\\]/).at(-1) ?? ''
  const name = last
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '')
  if (name === '') return 'file'
  if (name.length <= MAX_FILE_NAME) return name
  const [extension = ''] = EXTENSION.exec(name) ?? []
  return `${name.slice(0, cutBefore(name, MAX_FILE_NAME - extension.length - 1))}…${extension}`
}
