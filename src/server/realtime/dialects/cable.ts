// ActionCable v1 and its AnyCable superset. Sources: Rails' actioncable client and server, @anycable/core's `actioncable-ext`.
import { CABLE_EXT, CABLE_V1 } from '../../../protocol/cable.ts'
import { DeskbellError } from '../../../protocol/errors.ts'
import { isMeantForAnother, offeredProtocols, type Caller } from '../../http/authenticate.ts'
import type { Dialect } from '../connections/dialect.ts'
import { refuse } from '../connections/disconnect.ts'
import { noteVisit } from '../connections/note-visit.ts'
import { CableConnection } from './cable-connection.ts'

export const cable: Dialect = {
  path: '/cable',
  async accept(request, address, { core, authenticate, connections }) {
    // Clients list what they prefer first. Other offers (a token, `unsupported`) are never selected
    const protocol = offeredProtocols(request).find((p) => p === CABLE_V1 || p === CABLE_EXT)
    let caller: Caller
    try {
      caller = await authenticate(request, address)
      if (isMeantForAnother(request, caller.identity)) throw new DeskbellError('unauthorized')
    } catch (error) {
      // An error of the host's session store is temporary, while a refusal would be final
      if (!(error instanceof DeskbellError) || error.status !== 401) throw error
      const reason = error.code === 'token_expired' ? 'token_expired' : 'unauthorized'
      // ActionCable clients stop for good after this frame. After a refused upgrade they would retry for ever
      return { protocol, open: (socket) => refuse(socket, reason, false) }
    }
    const { identity, hostRequest } = caller
    noteVisit(core.visits, identity, new URL(request.url).searchParams.get('page'))
    const extended = protocol === CABLE_EXT
    return {
      protocol,
      identity,
      open: (socket) => new CableConnection({ core, socket, identity, hostRequest, connections }, extended),
    }
  },
}
