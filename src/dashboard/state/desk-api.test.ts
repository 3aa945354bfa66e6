import { expect, it } from 'vitest'
import { createCredentials } from '../../client/connection/credentials.ts'
import { createSession } from '../../client/connection/session.ts'
import { DeskApi } from './desk-api.ts'

const answered = (answer: Response): Promise<Response> => {
  const session = createSession(createCredentials({}))
  return new DeskApi({ base: 'https://x.example', session, fetch: async () => answer }).request('DELETE', 'anything')
}

it('takes no page that a network answers in place of the server for a success', async () => {
  const page = new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })
  await expect(answered(page)).rejects.toMatchObject({ code: 'network' })
  await expect(answered(new Response('ok'))).rejects.toMatchObject({ code: 'network' })
  expect((await answered(new Response(null, { status: 204 }))).status).toBe(204)
  expect(await (await answered(Response.json({ id: 'a' }))).json()).toEqual({ id: 'a' })
})
