import { expect, it } from 'vitest'
import { VISITORS_HEADER } from '../../protocol/visitor.ts'
import type { Conversation } from '../conversation/conversation.ts'
import { orVisitor } from './or-visitor.ts'

const refused = new Response(null, { status: 401, headers: { [VISITORS_HEADER]: 'on' } })
/** Nobody becomes a visitor here, so nobody needs the conversation */
const noConversation = (): Conversation => expect.fail()
const credentials = (get: () => Promise<string | null>, refresh: () => Promise<string | null>) =>
  orVisitor({ get, refresh }, 'http://desk.example/', noConversation)

it('passes a failure of the page on, so that a socket tries again', async () => {
  const failing = credentials(
    async () => null,
    () => Promise.reject(new Error('offline')),
  )
  await expect(failing.refresh()).rejects.toThrow('offline')
  await expect(failing.refresh(refused)).rejects.toThrow('offline')
})

it('makes no visitor of somebody whose token has run out', async () => {
  const expired = credentials(
    async () => 'a token of theirs',
    async () => null,
  )
  expect(await expired.get()).toBe('a token of theirs')
  expect(await expired.refresh(refused)).toBeNull()
  expect(await expired.get()).toBe('a token of theirs')
})
