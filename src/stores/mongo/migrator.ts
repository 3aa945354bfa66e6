// Versioned: each step is done once, in order, and may be repeated by another node that starts at the same time.
import type { IndexSpecification, CreateIndexesOptions } from 'mongodb'
import { newEpoch } from '../sql/migrations/epoch.ts'
import type { CollectionName, MongoDatabase } from './database.ts'
import { isDuplicate } from './errors.ts'
import { lackValidators, planValidators, setValidators } from './validators.ts'

type Index = [collection: CollectionName, keys: Record<string, 1 | -1>, options?: CreateIndexesOptions]

const FIRST: Index[] = [
  ['users', { email_lower: 1, _id: 1 }],
  ...(['first', 'second', 'third', 'fourth'] as const).map((word): Index => [
    'users',
    { [`name_keys.${word}`]: 1, _id: 1 },
  ]),
  ['chats', { user_id: 1 }, { unique: true }],
  ['chats', { is_archived: 1, last_message_at: -1, _id: -1 }],
  ['chats', { assignee_id: 1, is_archived: 1, last_message_at: -1, _id: -1 }],
  ['chats', { tags: 1, is_archived: 1, last_message_at: -1, _id: -1 }],
  ['chats', { is_unread: 1, is_archived: 1 }],
  ['chats', { reply_due_at: 1 }],
  ['chats', { waiting_due_at: 1 }],
  ['chats', { 'answer.due_at': 1 }],
  ['chats', { effects_at: 1 }],
  ['chats', { 'merging.user': 1 }],
  ['chats', { 'messages.id': 1 }],
  ['chats', { 'mails.reply.id': 1 }],
  ['chats', { 'mails.waiting.id': 1 }],
  ['messages', { chat_id: 1, seq: 1 }],
  ['messages', { chat_id: 1, client_id: 1 }],
  ['messages', { id: 1 }],
  ['activities', { chat_id: 1, seq: 1 }],
  ['activities', { chat_id: 1, client_id: 1 }],
  ['notifications', { chat_id: 1, kind: 1 }],
  ['webhooks', { endpoint: 1, due_at: 1 }],
  ['webhooks', { endpoint: 1, releases: 1 }],
  ['webhooks', { chat_id: 1, endpoint: 1, position: 1 }],
  ['webhooks', { created_at: -1, _id: -1 }],
  ['webhooks', { state: 1, created_at: -1, _id: -1 }],
  ['attachments', { chat_id: 1 }],
  ['attachments', { upload_key: 1 }, { unique: true, sparse: true }],
  ['attachments', { due_at: 1 }],
  ['numbers', { day: 1, kind: 1 }],
  ['colleagues', { last_seen_at: -1 }],
  ['mails', { address: 1 }],
  ['mails', { chat_id: 1 }],
  ['revocations', { revoked_at: 1 }],
  ['staff_sessions', { staff_id: 1 }],
  ['staff_sessions', { expires_at: 1 }],
  ['staff_links', { staff_id: 1 }],
  ['staff_links', { expires_at: 1 }],
  ['staff_audit', { at: 1 }],
  ['typed_addresses', { mailed_at: 1 }],
  ['erasures', { at: 1 }],
]

const WAITING: Index[] = [['chats', { is_archived: 1, waiting_since: 1, _id: 1 }]]

const PUSH: Index[] = [
  ['push_subscriptions', { staff_id: 1, renewed_at: -1 }],
  ['push_subscriptions', { renewed_at: 1 }],
]

const LOOKED_UP: Index[] = [
  ['staff_allowances', { used_until: 1 }],
  ['staff_links', { kind: 1, created_at: 1, _id: 1 }],
  ['push_subscriptions', { session_id: 1 }],
]

interface Version {
  indexes: Index[]
  /** Validators are set, or are others than before */
  validates?: true
}

/** What each version adds */
const VERSIONS: readonly Version[] = [
  { indexes: FIRST },
  { indexes: WAITING },
  { indexes: PUSH },
  { indexes: LOOKED_UP, validates: true },
]

/** Made when search is asked for */
const SEARCH: Index[] = [
  ['chats', { is_behind: 1 }],
  ['search', { words: 1, _id: -1 }],
  ['search', { chat_id: 1 }],
]

const nameOf = (keys: Record<string, 1 | -1>): string =>
  Object.entries(keys)
    .map(([key, direction]) => `${key}_${direction}`)
    .join('_')

/** The version of the database; 0: it is new */
async function versionOf(db: MongoDatabase): Promise<number> {
  const version = Number((await db.collection('meta').findOne({ _id: 'version' }))?.value ?? 0)
  if (version > VERSIONS.length) throw new Error('The database was written by a newer version of Deskbell')
  return version
}

interface Missing {
  indexes: Index[]
  validators: boolean
  /** The version before */
  version: number
}

async function missing(db: MongoDatabase): Promise<Missing> {
  const version = await versionOf(db)
  const hasSearch = !db.isSearched || (await db.collection('meta').findOne({ _id: 'search' })) !== null
  const added = VERSIONS.slice(version)
  return {
    indexes: [...added.flatMap(({ indexes }) => indexes), ...(hasSearch ? [] : SEARCH)],
    validators: added.some(({ validates }) => validates) || (await lackValidators(db)),
    version,
  }
}

export async function migrate(db: MongoDatabase): Promise<void> {
  const { indexes, validators, version } = await missing(db)
  if (validators) await setValidators(db)
  for (const [collection, keys, options] of indexes)
    await db.db
      .collection(db.nameOf(collection))
      .createIndex(keys as IndexSpecification, { ...options, name: nameOf(keys) })
  const meta = db.collection('meta')
  try {
    await meta.insertOne({ _id: 'epoch', value: newEpoch() })
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
  const note = (_id: string, value: string) => meta.updateOne({ _id }, { $set: { value } }, { upsert: true })
  if (version < VERSIONS.length) await note('version', String(VERSIONS.length))
  if (db.isSearched && indexes.length > 0) await note('search', 'on')
}

/** What `migrate` would do, as it would be typed in a shell; nothing when the database is up to date */
export async function planMigrations(db: MongoDatabase): Promise<string[]> {
  const { indexes, validators } = await missing(db)
  const made = indexes.map(([collection, keys, options]) => {
    const more = options ? `, ${JSON.stringify(options)}` : ''
    return `db.getCollection('${db.nameOf(collection)}').createIndex(${JSON.stringify(keys)}${more})`
  })
  return [...(validators ? await planValidators(db) : []), ...made]
}
