// A draft as a stream of events: `text` as it comes, and `done` or `failed` at its end.
import { MAX_CONTENT } from '../../protocol/limits.ts'
import type { Clock } from '../ports/clock.ts'
import { formatEvent } from '../realtime/dialects/sse-format.ts'
import { LimitedCall } from './limited-call.ts'
import type { AssistantChat, AssistantOptions } from './options.ts'

interface Drafting {
  suggest: NonNullable<AssistantOptions['suggest']>
  chat: AssistantChat
  clock: Clock
  /** Milliseconds at most */
  timeout: number
  onError: (error: unknown) => void
}

/** Who stops reading stops the host's function by its signal */
export function suggestionStream(drafting: Drafting): ReadableStream<Uint8Array> {
  const controller = new AbortController()
  const events = draft(drafting, controller.signal)
  const utf8 = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(stream) {
      const { value, done } = await events.next()
      if (controller.signal.aborted) return
      if (done) stream.close()
      else stream.enqueue(utf8.encode(value))
    },
    cancel() {
      controller.abort()
      // It may stand at a piece that nobody takes, and the host's generator with it
      events.return().catch(drafting.onError)
    },
  })
}

async function* draft(
  { suggest, chat, clock, timeout, onError }: Drafting,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const call = new LimitedCall({ clock, ms: timeout, signal })
  let left = MAX_CONTENT
  let pieces: AsyncIterator<unknown> | undefined
  const text = (piece: unknown): string => {
    if (typeof piece !== 'string') throw new TypeError('assistant.suggest: a piece is no text')
    // Not through the middle of a character
    const fitting = piece.length <= left ? piece : piece.slice(0, left).replace(/[\ud800-\udbff]$/, '')
    left -= piece.length
    return formatEvent('text', JSON.stringify({ text: fitting }))
  }
  try {
    const given = await call.within(() => suggest(chat, { signal: call.signal }))
    if (typeof given === 'string') yield text(given)
    else if (given) {
      const source = (pieces = given[Symbol.asyncIterator]())
      while (left > 0) {
        const { value, done } = await call.within(() => source.next())
        if (done) break
        yield text(value)
      }
    }
    yield formatEvent('done', '{}')
  } catch (error) {
    if (signal.aborted) return
    onError(error)
    yield formatEvent('failed', '{}')
  } finally {
    call.end()
    // Not awaited: it may hang, too
    Promise.resolve(pieces?.return?.()).catch(() => undefined)
  }
}
