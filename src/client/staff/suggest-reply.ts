// A draft of a reply, which the server's assistant writes piece by piece. Apart, because answers of all other requests come at once.
import { ApiError } from '../api-error.ts'
import type { Api } from '../api.ts'

/**
 * The pieces of a draft, in order; none: the assistant has nothing to say.
 * @param signal ends it, and stops the assistant
 * @throws ApiError when it cannot be had, or breaks off
 */
export async function* suggestReply(api: Api, chatId: string, signal: AbortSignal): AsyncGenerator<string, void> {
  const response = await ask(api, `admin/chats/${chatId}/suggestion`, signal)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) throw new ApiError('network', 0, 'The answer has no body')
  let text = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) throw new ApiError('network', 0, 'The draft broke off')
      const events = (text + value).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const [, type, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? []
        if (type === 'done') return
        if (type === 'failed') throw new ApiError('internal', 0, 'The assistant failed')
        if (type === 'text') yield (JSON.parse(data) as { text: string }).text
      }
    }
  } finally {
    // Whoever takes no more pieces stops the assistant
    reader.cancel().catch(() => undefined)
  }
}

async function ask(api: Api, path: string, signal: AbortSignal): Promise<Response> {
  const { base, session } = api
  const post = (token: string | null): Promise<Response> =>
    fetch(new URL(path, base).href, {
      method: 'POST',
      headers: { Accept: 'text/event-stream', 'X-Requested-With': 'deskbell', ...session.headers(token) },
      credentials: token === null ? 'include' : 'omit',
      cache: 'no-store',
      signal,
    })
  try {
    let response = await post(await session.token())
    if (response.status === 401) response = await post(await session.freshToken(response))
    session.answered(response)
    if (response.ok) return response
    throw new ApiError('http', response.status, `HTTP ${response.status}`)
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError('network', 0, 'No connection')
  }
}
