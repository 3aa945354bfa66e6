// Listens with Supabase's client, as browsers do.
import { RealtimeClient } from '@supabase/realtime-js'
import type { SupabaseListening } from '../../../src/protocol/listening.ts'
import { Heard, type AskAuth } from './listening.ts'

/** @throws Error when the service lets it not in */
export async function listenBySupabase({ url, key, topic, event }: SupabaseListening, ask: AskAuth): Promise<Heard> {
  const auth = await ask({})
  const client = new RealtimeClient(`${url.replace(/^http/, 'ws')}/realtime/v1`, { params: { apikey: key } })
  // Before the first join, which would go out without a token
  await client.setAuth('token' in auth ? auth.token : null)
  const heard = new Heard(() => void client.disconnect())
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client
    .channel(topic, { config: { private: true } })
    .on('broadcast', { event }, ({ payload }: { payload: unknown }) => heard.hint(payload))
    .on('broadcast', { event: 'typing' }, ({ payload }: { payload: unknown }) => heard.typed(payload))
    .subscribe((status, error) => {
      if (status === 'SUBSCRIBED') resolve()
      else if (status !== 'CLOSED') reject(error ?? new Error(status))
    })
  try {
    await promise
  } catch (error) {
    heard.close()
    throw error
  }
  return heard
}
