import type { Core } from '../core.ts'
import type { SeenColleague } from '../ports/store/colleagues.ts'

/** @returns nobody has signed in with this id since all their credentials were revoked */
export const hasLeft = (
  revocations: Pick<Core['revocations'], 'covers'>,
  { id, name, last_seen_at }: SeenColleague,
): boolean =>
  revocations.covers({ id, name, role: 'admin', email: '', expiresAt: null, issuedAt: Date.parse(last_seen_at) })
