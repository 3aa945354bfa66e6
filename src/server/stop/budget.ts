/** Supervisors usually kill a process 10 s after asking it to stop. All waits of `STOP` together take less (ms) */
export const STOP_WITHIN = 10_000

/** The longest waits of a stop, in milliseconds. They follow one another */
export const STOP = {
  /** The stand-alone server disconnects clients over this time, so that they do not all reconnect at once */
  goodbyes: 1_000,
  /** For running requests */
  requests: 1_500,
  /** For writing accepted messages, and for mails and webhooks on their way (see `DELIVERIES`) */
  work: 4_000,
  /** For running calls of the store */
  storeCalls: 1_500,
  /** For the stand-alone server's own requests, and once more for answers that are being sent */
  answers: 500,
}

/** The wait for mails and webhooks on their way (ms). The outcome of slower ones is decided when their lease expires */
export const DELIVERIES = STOP.work - 500
