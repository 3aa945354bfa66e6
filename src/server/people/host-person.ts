// What a host's `authenticate` says about a request, checked: one wrong value would make a whole batch of messages fail.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Clock } from '../ports/clock.ts'
import { atMost } from '../stop/at-most.ts'
import { detailsOf } from './details.ts'
import { ownPersonId, wrongFields, type HostIdentity, type Identity } from './identity.ts'
import type { OnUnusable } from './unusable-details.ts'

type Named = HostIdentity | null | undefined

/** Identifies the person of a request by the host's own session or token; null or undefined for nobody */
export type HostAuthenticate = (request: Request) => Named | Promise<Named>

/** How long a host's `authenticate` may take (ms) */
export const ANSWERS_WITHIN = 10_000

export interface HostPersonOptions {
  authenticate: HostAuthenticate
  onUnusable: OnUnusable
  clock: Clock
}

/**
 * The person whom the host names for a request.
 * @returns null: nobody is signed in
 * @throws DeskbellError `token_expired`: their session has ended; Error: the host failed, did not answer in time, or returned
 *   something else
 */
export type HostPerson = (request: Request) => Promise<Identity | null>

export function hostPerson({ authenticate, onUnusable, clock }: HostPersonOptions): HostPerson {
  async function ask(request: Request): Promise<Named> {
    // An app may answer with undefined: nobody is signed in
    const asking = async (): Promise<{ named: Named }> => ({ named: await authenticate(request) })
    let answer: { named: Named } | undefined
    try {
      answer = await atMost(ANSWERS_WITHIN, clock, asking())
    } catch (error) {
      // What is no Error, or one of another realm, would get past those who handle errors
      throw error instanceof Error
        ? error
        : new Error('authenticate threw something else than an Error', { cause: error })
    }
    if (!answer) throw new HostTooSlow()
    return answer.named
  }

  return async (request) => {
    const named = await ask(request)
    if (!named) return null
    const checked = identitySchema.safeParse(named)
    if (!checked.success) throw new Error(`authenticate returned no identity: ${wrongFields(checked.error)}`)
    const identity: Identity = { ...checked.data, ...detailsOf(named, checked.data, onUnusable) }
    // Its connections would be closed at once, and opened again
    if (identity.expiresAt !== null && identity.expiresAt <= clock.now()) throw new DeskbellError('token_expired')
    return identity
  }
}

/** Who waits for `authenticate` may try again */
export class HostTooSlow extends Error {
  override readonly name = 'HostTooSlow'
  constructor() {
    super(`authenticate took longer than ${ANSWERS_WITHIN / 1000} s`)
  }
}

const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? null)

/** Before 1973: in seconds, where milliseconds are meant */
const milliseconds = z.number().min(1e11, 'must be in milliseconds since 1970')

const identitySchema = z.object({
  id: ownPersonId,
  role: z.enum(['user', 'admin']),
  expiresAt: orNull(milliseconds),
  issuedAt: orNull(milliseconds.or(z.literal(0))),
  sessionId: orNull(z.string().max(200)),
})
