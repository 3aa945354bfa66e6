// ActionCable v1 and its AnyCable superset. Sources: Rails' actioncable client and server, @anycable/core's `actioncable-ext`.
import { CABLE_EXT, CABLE_V1 } from '../../../protocol/cable.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import { offeredProtocols } from '../../http/authenticate.ts'
import { pageUrl } from '../../http/input.ts'
import { sideOf, type Identity } from '../../people/identity.ts'
import type { Visits } from '../../people/visits.ts'
import type { Dialect } from '../connections/dialect.ts'
import { refuse } from '../connections/disconnect.ts'
import { CableConnection } from './cable-connection.ts'

export const cable: Dialect = {
  path: '/cable',
  async accept(request, address, { core, authenticate, connections }) {
    // The client offers what it prefers first. What else it offers (a token, `unsupported`) is never selected
    const protocol = offeredProtocols(request).find((p) => p === CABLE_V1 || p === CABLE_EXT)
    let identity: Identity
    try {
      identity = await authenticate(request, address)
    } catch (error) {
      // A session store that is away for a moment is no refusal, which would be for good
      if (!(error instanceof DeskbellError) || error.status !== 401) throw error
      const reason = error.code === 'token_expired' ? 'token_expired' : 'unauthorized'
      // ActionCable clients stop for good on this frame; on a refused upgrade they would try for ever
      return { protocol, open: (socket) => refuse(socket, reason, false) }
    }
    noteVisit(core.visits, identity, new URL(request.url).searchParams.get('page'))
    const extended = protocol === CABLE_EXT
    return { protocol, identity, open: (socket) => new CableConnection(core, socket, identity, connections, extended) }
  },
}

/** A user's name, address and page may have changed since they last came */
function noteVisit(visits: Visits, identity: Identity, page: string | null): void {
  const { id, email, name } = identity
  if (sideOf(identity) === 'user') visits.note({ id, email, name, page_url: pageUrl(page) })
}
