import type { ServiceRequest } from '../http-service.ts'

/** Bytes that are read: more than a mail or a file of one has at any service */
const MOST = 50_000_000
/** Milliseconds without a byte */
const TIMEOUT = 10_000
/** The whole of it may take so many times as long. Services wait 15 s for our answer, and what they bring again is read once more */
const LONGEST = 6

export interface Download {
  status: number
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

/** @throws Error when nothing came in time, it broke off, or it is too long */
export async function download({ url, ...request }: ServiceRequest, timeout = TIMEOUT): Promise<Download> {
  const silence = new AbortController()
  const giveUp = (): void => silence.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  let timer = setTimeout(giveUp, timeout)
  const signal = AbortSignal.any([silence.signal, AbortSignal.timeout(LONGEST * timeout)])
  try {
    // A second address is not to get the credentials
    const response = await fetch(url, { ...request, redirect: 'manual', signal })
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer)
      timer = setTimeout(giveUp, timeout)
      length += chunk.length
      // Leaving the loop ends the transfer
      if (length > MOST) throw new Error(`${new URL(url).host} sends more than ${MOST} bytes`)
      chunks.push(chunk)
    }
    return { status: response.status, headers: response.headers, body: Buffer.concat(chunks) }
  } finally {
    clearTimeout(timer)
  }
}
