/** Supervisors commonly kill a process 10 s after they asked it to stop, so a stop that finds everything slow ends before (ms) */
export const STOP_WITHIN = 10_000

/** The longest waits of a stop, one after the other, in milliseconds */
export const STOP = {
  /** The stand-alone server spreads its goodbyes over this long, so that clients do not all come back at once */
  goodbyes: 1_000,
  /** Requests under way */
  requests: 1_500,
  /** Accepted messages are written, and mails on their way handed over (see `MAILS`) */
  work: 4_000,
  /** Calls of the store that are still under way */
  storeCalls: 1_500,
  /** The stand-alone server's own requests, and then once more for answers that are going out */
  answers: 500,
}

/** What becomes of mails that take longer is found out when their lease has run out (ms) */
export const MAILS = STOP.work - 500
