/** RFC 8187, `attr-char`: what needs no escape there. `encodeURIComponent` leaves these alone, which do */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

/** The header of RFC 6266. Old programs get a name of ASCII alone */
export function contentDisposition(type: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  return `${type}; filename="${plain}"; filename*=UTF-8''${encoded(name)}`
}
