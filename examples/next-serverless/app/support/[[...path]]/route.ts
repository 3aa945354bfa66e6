import { after } from 'next/server'
import { deskbell } from '../../../lib/support'

/** Seconds that the function may live. A schedule asks for `jobs/run?within=50` */
export const maxDuration = 60

const handle = async (request: Request): Promise<Response> =>
  // Work that goes on after the answer, such as publishing, keeps the function alive
  (await deskbell()).fetch(request, { waitUntil: (work: Promise<unknown>) => after(work) })

export { handle as GET, handle as POST, handle as PATCH, handle as OPTIONS }
