import { describe, expect, it } from 'vitest'
import { matchReplies } from './reply-matches.ts'

describe('what is typed', () => {
  const replies = [
    ['bye', 'Say goodbye'],
    ['hello', ''],
    ['no-hello', 'Grüße'],
    ['refund', 'Hello, your refund is on its way'],
  ].map(([shortcut = '', title = '']) => ({ id: shortcut, shortcut, title, body: 'hello zebra', updated_at: '' }))

  it.each([
    ['', ['bye', 'hello', 'no-hello', 'refund']],
    ['HEL', ['hello', 'no-hello', 'refund']],
    ['gru\u0308ße', ['no-hello']],
    ['  way  ref', ['refund']],
    ['refund bye', []],
    // Too many bodies have a word
    ['zebra', []],
  ])('%j', (query, found) => expect(matchReplies(replies, query).map(({ shortcut }) => shortcut)).toEqual(found))
})
