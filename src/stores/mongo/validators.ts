// What the server itself checks, where it can: that somebody else's script does not leave a chat, a message or a person that Deskbell cannot
// read. Required is what every version of Deskbell has written, since nodes of two versions run side by side during an upgrade.
import type { Document } from 'mongodb'
import { StoreUnavailable } from '../../server/ports/store/store-unavailable.ts'
import type { CollectionName, MongoDatabase } from './database.ts'
import type { ChatDoc, MessageDoc, Moved, UserDoc } from './documents.ts'
import { explained } from './errors.ts'

type BsonType = 'string' | 'number' | 'bool' | 'array' | 'object' | 'null'
type Fields<Doc> = Partial<Record<keyof Doc & string, BsonType | readonly BsonType[]>>

const MAYBE_TEXT = ['string', 'null'] as const

const USER: Fields<UserDoc> = {
  _id: 'string',
  version: 'number',
  email: 'string',
  email_lower: 'string',
  name: MAYBE_TEXT,
  name_keys: 'object',
  last_seen_at: 'string',
  created_at: 'string',
}

const CHAT: Fields<ChatDoc> = {
  _id: 'string',
  version: 'number',
  user_id: 'string',
  last_seq: 'number',
  last_user_seq: 'number',
  user_read_seq: 'number',
  admin_viewed_seq: 'number',
  last_activity_seq: 'number',
  last_message_at: MAYBE_TEXT,
  archived_at: MAYBE_TEXT,
  assignee_id: MAYBE_TEXT,
  tags: 'array',
  messages: 'array',
  activities: 'array',
  mails: 'object',
  effects: 'object',
  effects_at: MAYBE_TEXT,
  merging: ['object', 'null'],
  is_archived: 'bool',
  is_unread: 'bool',
  created_at: 'string',
  updated_at: 'string',
}

const MESSAGE: Fields<Moved<MessageDoc>> = {
  _id: 'string',
  chat_id: 'string',
  moved: 'number',
  id: 'string',
  seq: 'number',
  content: 'string',
  sender_type: 'string',
  sender_id: 'string',
  client_id: MAYBE_TEXT,
  read_at: MAYBE_TEXT,
  created_at: 'string',
}

const validatorOf = (fields: Record<string, BsonType | readonly BsonType[]>): Document => ({
  $jsonSchema: {
    bsonType: 'object',
    required: Object.keys(fields),
    properties: Object.fromEntries(Object.entries(fields).map(([name, bsonType]) => [name, { bsonType }])),
  },
})

export const VALIDATORS: readonly [collection: CollectionName, validator: Document][] = [
  ['users', validatorOf(USER)],
  ['chats', validatorOf(CHAT)],
  ['messages', validatorOf(MESSAGE)],
]

/** Documents that are invalid already can be changed, so that a validator never stops a chat that goes on */
const LEVEL = { validationLevel: 'moderate', validationAction: 'error' } as const

const NAMESPACE_EXISTS = 48

/**
 * Whether the server can be reached, and does not do it: it knows no validators, or its user may not set one on a collection that is there
 * (`collMod` is not in the role readWrite; `create` is). Nobody needs one so much that Deskbell would not start without
 */
const isRefusal = (error: unknown): boolean =>
  (error as Error).name === 'MongoServerError' && !(explained(error) instanceof StoreUnavailable)

/** In `meta`: whether they are set, or which server refused. Another one, or another version of it, is asked again */
const NOTE = 'validators'
const SET = 'set'

/** @returns undefined: the collection is as it is to be */
async function commandFor(db: MongoDatabase, collection: CollectionName, validator: Document) {
  const name = db.nameOf(collection)
  const listed = await db.command({ listCollections: 1, filter: { name } })
  const [known] = (listed as { cursor: { firstBatch: { options?: { validator?: Document } }[] } }).cursor.firstBatch
  if (!known) return { create: name, validator, ...LEVEL }
  if (JSON.stringify(known.options?.validator) === JSON.stringify(validator)) return undefined
  return { collMod: name, validator, ...LEVEL }
}

const serverOf = async (db: MongoDatabase): Promise<string> => {
  const info = (await db.command({ buildInfo: 1 })) as { version: string; ferretdbVersion?: string }
  return [info.version, ...(info.ferretdbVersion === undefined ? [] : [`FerretDB ${info.ferretdbVersion}`])].join(' ')
}

const refusedBy = (server: string): string => `refused by ${server}`

/** Whether nobody has set them yet, or the server that refused is not there any more */
export async function lackValidators(db: MongoDatabase): Promise<boolean> {
  const note = (await db.collection('meta').findOne({ _id: NOTE }))?.value
  return note !== SET && note !== refusedBy(await serverOf(db))
}

/** Before the indexes, which would make the collections without. Any number of nodes may do it at once */
export async function setValidators(db: MongoDatabase): Promise<void> {
  let value = SET
  for (const [collection, validator] of VALIDATORS) {
    if (await setValidator(db, collection, validator)) continue
    value = refusedBy(await serverOf(db))
    break
  }
  await db.collection('meta').updateOne({ _id: NOTE }, { $set: { value } }, { upsert: true })
}

/** @returns false: the server refuses */
async function setValidator(db: MongoDatabase, collection: CollectionName, validator: Document): Promise<boolean> {
  for (;;) {
    const command = await commandFor(db, collection, validator)
    if (!command) return true
    try {
      await db.command(command)
      return true
    } catch (error) {
      // Another node has just made it
      if ((error as { code?: number }).code === NAMESPACE_EXISTS) continue
      if (isRefusal(error)) return false
      throw error
    }
  }
}

/** What `setValidators` would do, as it would be typed in a shell */
export async function planValidators(db: MongoDatabase): Promise<string[]> {
  const commands = []
  for (const [collection, validator] of VALIDATORS) commands.push(await commandFor(db, collection, validator))
  return commands.flatMap((command) => (command ? `db.runCommand(${JSON.stringify(command)})` : []))
}
