// Times, in milliseconds, that client and server both rely on. What depends on another time is derived from it, so that changing
// one moves the others along; `timing.test.ts` beside it states what must hold between them, and why.

/** While a server restarts, or may be restarting, clients that it knew try their socket and nothing else */
export const SERVER_RESTARTS = 15_000

/** How often the server writes to every connection: a ping on the cable, a comment on an event stream */
export const BEAT = 3_000

/** The promise: a client notices within this time that its connection is dead */
export const DEAD_LINE_FOUND = 10_000
/** How often a client checks how long its socket, and its event stream, have been silent */
export const LOOK_AT_SOCKET = 2_000
export const LOOK_AT_STREAM = 1_000
/** How long a client waits for the name of a cookie's person before it opens its first socket without it */
export const UNNAMED = 1_000
/** A connection that is silent for longer is dead: it missed at least two beats */
export const SOCKET_SILENCE = DEAD_LINE_FOUND - LOOK_AT_SOCKET
export const STREAM_SILENCE = DEAD_LINE_FOUND - LOOK_AT_STREAM

/** The server ends an event stream after this many beats, because it cannot notice that a reader has silently gone */
export const STREAM_BEATS = 15
/** The client shows that it is offline when an ended event stream has not come back for this long */
export const STREAM_RETURNS = 3_000
/** After the server ended a stream, its reader stays present for this long, so that nobody sees them leave and return */
export const STREAM_KEPT = STREAM_RETURNS + 2_000

/** How often a client asks the server even though a service tells it what is new: services lose hints */
export const LOOK_ANYWAY = 20_000
/** A client opens a socket when its service has told it nothing for this long, not even that it is still there */
export const SERVICE_ANSWERS = 10_000

/** How often a client polls while it has neither a socket nor an event stream */
export const POLL_EVERY = 5_000
/** How long a client waits for the answer to a request */
export const ANSWER_WITHIN = 20_000

/** A message that was sent over the socket and not echoed within this time is sent over REST: by then the socket counts as dead */
export const ECHO_WITHIN = DEAD_LINE_FOUND
/** The pause before a message that could not be sent is tried again */
export const SEND_AGAIN = 2_000
/** An unsent message of this age was left by a closed tab: an open tab would have sent it by now */
export const LEFT_BEHIND = ECHO_WITHIN + POLL_EVERY

/** How often a client of staff repeats that its person looks at a chat */
export const LOOK_REPEATS = 10_000
/** When nobody looks any more without a repetition; two may be lost */
export const LOOK_ENDS = 2.5 * LOOK_REPEATS

/** How often a client repeats that its person is typing */
export const TYPING_REPEATS = 3_000
/** When "… is typing" disappears without a repetition; one repetition may be lost */
export const TYPING_ENDS = 2 * TYPING_REPEATS
