// What the header of a part says about its body. The first field of a name counts, as for mail programs.

export interface ContentType {
  /** A text that is part of what somebody wrote, parts, or anything else */
  kind: 'plain' | 'html' | 'multipart' | 'file'
  /** Of a multipart */
  boundary?: string | undefined
}

export function contentType(header: Uint8Array): ContentType {
  const field = fieldOf(header, 'content-type') ?? 'text/plain'
  const type = (/^[^;(]*/.exec(field)?.[0] ?? '').trim().toLowerCase()
  if (type.startsWith('multipart/')) {
    const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(field) ?? []
    return { kind: 'multipart', boundary: quoted ?? plain }
  }
  const isAttached = /^\s*attachment\s*(?:[;(]|$)/i.test(fieldOf(header, 'content-disposition') ?? '')
  if (type === 'text/plain' && !isAttached) return { kind: 'plain' }
  return { kind: type === 'text/html' && !isAttached ? 'html' : 'file' }
}

/** In lower case, such as `base64` */
export const transferEncoding = (header: Uint8Array): string =>
  /[\w-]+/.exec((fieldOf(header, 'content-transfer-encoding') ?? '').toLowerCase())?.[0] ?? ''

/** The value of a field on one line */
function fieldOf(header: Uint8Array, name: string): string | undefined {
  const field = new RegExp(`^${name}[ \\t]*:(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(new TextDecoder().decode(header))
  return field?.[1]?.replace(/\r?\n/g, '')
}
