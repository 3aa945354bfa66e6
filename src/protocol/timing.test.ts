import { expect, it } from 'vitest'
import {
  ANSWER_WITHIN,
  BEAT,
  DEAD_LINE_FOUND,
  ECHO_WITHIN,
  LEFT_BEHIND,
  LOOK_AT_SOCKET,
  LOOK_AT_STREAM,
  POLL_EVERY,
  SEND_AGAIN,
  SOCKET_SILENCE,
  STREAM_BEATS,
  STREAM_KEPT,
  STREAM_RETURNS,
  STREAM_SILENCE,
  TYPING_ENDS,
  TYPING_REPEATS,
} from './timing.ts'

const MINUTE = 60_000

it.each([
  ['a socket is dead only after two missed beats', 2 * BEAT, SOCKET_SILENCE],
  ['an event stream is dead only after two missed beats', 2 * BEAT, STREAM_SILENCE],
  ['a dead socket is found in time', SOCKET_SILENCE + LOOK_AT_SOCKET, DEAD_LINE_FOUND],
  ['a dead event stream is found in time', STREAM_SILENCE + LOOK_AT_STREAM, DEAD_LINE_FOUND],
  ['a reader that is gone is no longer present within a minute', STREAM_BEATS * BEAT + STREAM_KEPT, MINUTE],
  [
    'an event stream that returns unnoticed by its reader returns unnoticed by the other side',
    STREAM_RETURNS,
    STREAM_KEPT,
  ],
  ['a socket is found dead before a message gives up on it', SOCKET_SILENCE + LOOK_AT_SOCKET, ECHO_WITHIN],
  ['a living tab has tried again before another one takes its message', ECHO_WITHIN + SEND_AGAIN, LEFT_BEHIND],
  ['a request may take longer than the question whether the line lives', POLL_EVERY, ANSWER_WITHIN],
  ['one lost "is typing" does not end it', TYPING_REPEATS + 1_000, TYPING_ENDS],
])('%s: %i ms are at most %i ms', (_why, shorter, longer) => {
  expect(shorter).toBeLessThanOrEqual(longer)
})
