// The REST API and the cable of one server, ready to hand to a `Conversation`.
import { Cable } from './connection/cable.ts'
import { cableUrl } from './connection/cable-url.ts'
import type { CredentialOptions } from './connection/credentials.ts'
import { createCredentials } from './connection/credentials.ts'
import { createSession } from './connection/session.ts'
import { StaffApi } from './staff/staff-api.ts'

export interface ConnectOptions extends CredentialOptions {
  /** Absolute URL of the mount point */
  server: string
}

export interface DeskbellClient {
  api: StaffApi
  cable: Cable
}

/**
 * @example
 * const { api, cable } = connect({ server: 'https://app.example/support/', token })
 * const conversation = new Conversation({ api, cable, role: 'user' })
 * conversation.subscribe(() => render(conversation.state))
 * await conversation.open()
 */
export function connect({ server, ...identity }: ConnectOptions): DeskbellClient {
  const session = createSession(createCredentials(identity))
  const api = new StaffApi({ base: server, session })
  return { api, cable: new Cable({ url: cableUrl(api.base), session }) }
}
