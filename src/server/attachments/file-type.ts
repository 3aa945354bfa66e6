// What a file is, by its content: names lie.
export const UNKNOWN_TYPE = 'application/octet-stream'

/**
 * @param head the beginning of the file
 * @returns a MIME type. Markup, such as SVG and HTML, is text or unknown: nothing shows it
 */
export async function fileType(head: Uint8Array): Promise<string> {
  // Loaded with the first file
  const { fileTypeFromBuffer } = await import('file-type')
  // A file that ends too early may be anything
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  if (found) return found.mime
  return isText(head) ? 'text/plain' : UNKNOWN_TYPE
}

/** UTF-8 without control characters other than those of lines. The last character may be cut */
function isText(head: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return text !== '' && !/[^\P{Cc}\t\n\f\r]/u.test(text)
  } catch {
    return false
  }
}
