import { afterEach, expect, test, vi } from 'vitest'
import { Api } from './api.ts'
import { createCredentials } from './connection/credentials.ts'
import { createSession } from './connection/session.ts'

const said: unknown[] = []
afterEach(() => {
  said.length = 0
  vi.restoreAllMocks()
})

/** An API whose server answers everything with this problem */
function refused(code: string, detail: string): Api {
  vi.spyOn(console, 'error').mockImplementation((text) => void said.push(text))
  const fetch = async (): Promise<Response> => {
    const headers = { 'content-type': 'application/problem+json' }
    return new Response(JSON.stringify({ code, detail }), { status: 401, headers })
  }
  const session = createSession(createCredentials({ token: 'a.b.c' }))
  return new Api({ base: 'https://x.example', session, fetch })
}

test('whoever signs the tokens reads in the console what is wrong with one, once', async () => {
  const api = refused('token_invalid', 'aud is missing: it must be deskbell or deskbell-admin')
  for (let n = 0; n < 3; n++) await expect(api.openChat()).rejects.toMatchObject({ code: 'token_invalid' })
  expect(said).toEqual(['Deskbell: aud is missing: it must be deskbell or deskbell-admin'])
})

test('a token that has run out is no mistake, and nothing is said about it', async () => {
  await expect(refused('token_expired', 'The token has expired').openChat()).rejects.toMatchObject({ status: 401 })
  expect(said).toEqual([])
})
