// A request whose body is a file. `XMLHttpRequest` tells how much of it is sent, which `fetch` does not.

export interface UploadOptions {
  /** Cancels it */
  signal: AbortSignal
  /** @param part from 0 to 1 */
  progressed: (part: number) => void
}

/** @returns sends the file as the body of what it is asked for, however long that takes; where there is no `XMLHttpRequest`, by `fetch` */
export const uploading =
  (file: File, options: UploadOptions): typeof fetch =>
  (input, { headers, credentials } = {}) => {
    const all = new Headers(headers)
    // Body parsers of the host leave it alone, whatever the file is
    all.set('Content-Type', 'application/octet-stream')
    all.set('X-File-Name', encodeURIComponent(file.name.toWellFormed()))
    const { signal } = options
    if (typeof XMLHttpRequest === 'undefined')
      return fetch(input, {
        method: 'POST',
        headers: all,
        credentials: credentials ?? 'same-origin',
        body: file,
        signal,
      })
    const { href } = new URL(input instanceof Request ? input.url : input)
    return byXhr(href, { headers: all, withCredentials: credentials === 'include', file, ...options })
  }

interface XhrRequest extends UploadOptions {
  headers: Headers
  withCredentials: boolean
  file: File
}

function byXhr(url: string, { headers, withCredentials, file, signal, progressed }: XhrRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const cancel = (): void => xhr.abort()
    const failed = (): void => reject(new TypeError('The upload broke off'))
    xhr.open('POST', url)
    xhr.withCredentials = withCredentials
    headers.forEach((value, name) => xhr.setRequestHeader(name, value))
    xhr.upload.onprogress = ({ loaded, total }) => progressed(total === 0 ? 0 : loaded / total)
    xhr.onload = () => resolve(responseOf(xhr))
    xhr.onerror = xhr.onabort = xhr.ontimeout = failed
    xhr.onloadend = () => signal.removeEventListener('abort', cancel)
    signal.addEventListener('abort', cancel)
    if (signal.aborted) failed()
    else xhr.send(file)
  })
}

function responseOf(xhr: XMLHttpRequest): Response {
  const lines = xhr.getAllResponseHeaders().trim().split('\r\n').filter(Boolean)
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return new Response(xhr.responseText, { status: xhr.status, headers })
}
