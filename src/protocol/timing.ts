// Times, in milliseconds, that client and server both rely on. What depends on another time is derived from it, so that changing
// one moves the others along; `timing.test.ts` beside it states what must hold between them, and why.

/** The server sends something on every connection this often: a ping on the cable, a comment on an event stream */
export const BEAT = 3_000

/** The promise: a client finds out within this time that its line is dead */
export const DEAD_LINE_FOUND = 10_000
/** How often a client looks at the silence of its socket, and of its event stream */
export const LOOK_AT_SOCKET = 2_000
export const LOOK_AT_STREAM = 1_000
/** A connection that is silent for longer is dead: two beats were missed at least */
export const SOCKET_SILENCE = DEAD_LINE_FOUND - LOOK_AT_SOCKET
export const STREAM_SILENCE = DEAD_LINE_FOUND - LOOK_AT_STREAM

/** The server ends an event stream after this many beats: it hears nothing from a reader that is gone without a word */
export const STREAM_BEATS = 15
/** People are told of an event stream that ended once it has not come back for this long */
export const STREAM_RETURNS = 3_000
/** The server keeps the reader of a stream that it ended present for this long, so that nobody sees them leave and return */
export const STREAM_KEPT = STREAM_RETURNS + 2_000

/** How often a client asks for news while nothing brings them by itself */
export const POLL_EVERY = 5_000
/** The longest that a client waits for the answer to a request */
export const ANSWER_WITHIN = 20_000

/** A message that went out over the socket and has not come back for this long is sent by request: the socket would be dead by now */
export const ECHO_WITHIN = DEAD_LINE_FOUND
/** The pause before a message that found no way out is tried again */
export const SEND_AGAIN = 2_000
/** An unsent message that has been lying for this long was left by a tab that is gone: a live one would have sent it by now */
export const LEFT_BEHIND = ECHO_WITHIN + POLL_EVERY

/** Whoever types says so again this often */
export const TYPING_REPEATS = 3_000
/** "… is typing" ends by itself after this long: one repetition may be lost */
export const TYPING_ENDS = 2 * TYPING_REPEATS
