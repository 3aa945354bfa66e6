// Short words by which staff sort chats.
import { z } from 'zod'
import { MAX_KNOWN_TAGS, type TaggedChat } from '../../protocol/tags.ts'
import { findChat } from '../chats/open.ts'
import { chatParams } from '../chats/routes.ts'
import type { Core } from '../core.ts'
import { route } from '../http/route.ts'
import type { Identity } from '../people/identity.ts'
import { changed, changeTags } from './change-tags.ts'
import { knownTags, taggedChat, tagList } from './schemas.ts'

const allTags = z.strictObject({ tags: tagList.describe('All that the chat is to have. Stored in lower case') })
const changes = z.strictObject({
  add: tagList.default([]).describe('Stored in lower case'),
  remove: tagList.default([]),
})

export function tagRoutes(core: Core) {
  const { store } = core

  async function change(identity: Identity, id: string, to: (tags: string[]) => string[]): Promise<TaggedChat> {
    const chat = await findChat(core, { identity, action: 'tag_chat', id })
    return changeTags(core, chat, to, { id: identity.id, name: identity.name })
  }

  return [
    route({
      method: 'GET',
      path: '/admin/tags',
      name: 'listTags',
      action: 'list_chats',
      summary: 'Lists the tags that chats have',
      answers: { 200: { json: knownTags } },
    })(async () => ({ status: 200, body: { tags: await store.knownTags(MAX_KNOWN_TAGS) } })),
    route({
      method: 'PUT',
      path: '/admin/chats/:id/tags',
      name: 'setTags',
      action: 'tag_chat',
      summary: 'Sets the tags of a chat',
      params: chatParams,
      body: allTags,
      answers: { 200: { json: taggedChat } },
    })(async ({ identity, params: { id }, body: { tags } }) => ({
      status: 200,
      body: await change(identity, id, () => tags),
    })),
    route({
      method: 'PATCH',
      path: '/admin/chats/:id/tags',
      name: 'changeTags',
      action: 'tag_chat',
      summary: 'Adds tags to a chat and removes others, whatever colleagues do at the same time',
      params: chatParams,
      body: changes,
      answers: { 200: { json: taggedChat } },
      problems: ['too_many_tags'],
    })(async ({ identity, params: { id }, body }) => ({
      status: 200,
      body: await change(identity, id, (tags) => changed(tags, body)),
    })),
  ]
}
