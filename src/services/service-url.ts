const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * The address of a service's API, without a slash at its end.
 * @throws Error when it is no `https:` URL. `http:` is for this machine alone: the credentials would be readable on their way
 */
export function serviceUrl(text: string): string {
  const url = safeUrl(text)
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

/** @throws Error as `serviceUrl` does */
export function safeUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (!url || !isSafe) throw new Error(`The service needs a URL that begins with https://, not ${text}`)
  return url
}
