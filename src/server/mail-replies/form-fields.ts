import { DeskbellError } from '../../protocol/errors.ts'

const DASHES = '--'

/**
 * The fields of a form (RFC 7578) as the bytes that came: each is in a character set of its own, and the platform reads all as UTF-8. Of
 * several fields of a name, the last one counts.
 * @throws DeskbellError `invalid_request` when it is no form, or its end is missing
 */
export function formFields(
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
): (name: string) => Uint8Array<ArrayBuffer> | undefined {
  const [, quoted, plain] = /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw unreadable()
  const delimiter = new TextEncoder().encode(`\r\n${DASHES}${boundary}`)
  const fields = new Map<string, Uint8Array<ArrayBuffer>>()
  // The first delimiter has no line above it
  let at = startsWith(body, delimiter.subarray(2), 0) ? delimiter.length - 2 : after(body, delimiter, 0)
  while (latin1(body.subarray(at, at + 2)) !== DASHES) {
    const headerEnd = after(body, EMPTY_LINE, at)
    const next = after(body, delimiter, headerEnd)
    const [, name] = /\bname="((?:[^"\\]|\\.)*)"/i.exec(latin1(body.subarray(at, headerEnd))) ?? []
    if (name !== undefined) fields.set(name, body.subarray(headerEnd, next - delimiter.length))
    at = next
  }
  return (name) => fields.get(name)
}

const unreadable = (): DeskbellError => new DeskbellError('invalid_request', 'The form cannot be read')
const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)
const EMPTY_LINE = new TextEncoder().encode('\r\n\r\n')

function startsWith(bytes: Uint8Array, sought: Uint8Array, at: number): boolean {
  return sought.every((byte, i) => bytes[at + i] === byte)
}

/** Where what is sought ends. @throws DeskbellError `invalid_request` when it is not there */
function after(bytes: Uint8Array, sought: Uint8Array, from: number): number {
  const [first = 0] = sought
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (startsWith(bytes, sought, at)) return at + sought.length
  }
  throw unreadable()
}
