// Short words by which staff sort chats.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_KNOWN_TAGS, MAX_TAGS, type TaggedChat } from '../../protocol/tags.ts'
import { findChat } from '../chats/open.ts'
import { chatParams } from '../chats/routes.ts'
import type { Core } from '../core.ts'
import { route } from '../http/route.ts'
import type { Identity } from '../people/identity.ts'
import { isoTime } from '../ports/clock.ts'
import { knownTags, taggedChat, tagSchema } from './schemas.ts'

const tagList = z.array(tagSchema).max(MAX_TAGS)
const allTags = z.strictObject({ tags: tagList.describe('All that the chat is to have. Stored in lower case') })
const changes = z.strictObject({
  add: tagList.default([]).describe('Stored in lower case'),
  remove: tagList.default([]),
})

export function tagRoutes(core: Core) {
  const { store, clock, events } = core

  async function change(identity: Identity, id: string, to: (tags: string[]) => string[]): Promise<TaggedChat> {
    const chat = await findChat(core, { identity, action: 'tag_chat', id })
    const actor = { id: identity.id, name: identity.name }
    const outcome = await store.changeTags(chat.id, to, { actor, at: isoTime(clock.now()) })
    if (!outcome) throw new DeskbellError('not_found', 'There is no such chat')
    const { tags, activity } = outcome
    if (activity) events.emit([{ type: 'activity', chat, activity }])
    return { id: chat.id, tags }
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
    })(async ({ identity, params: { id }, body: { add, remove } }) => ({
      status: 200,
      body: await change(identity, id, (tags) => {
        const next = new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])
        if (next.size > MAX_TAGS && add.length > 0) throw new DeskbellError('too_many_tags')
        return [...next]
      }),
    })),
  ]
}
