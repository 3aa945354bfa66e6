import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type RawBuilder,
} from 'kysely'
import { CHAT_HEADER } from '../../server/ports/mailer.ts'
import type { Engine } from '../sql/engine.ts'
import type { Tables } from '../sql/tables.ts'
import type { Kind, Write } from '../sql/write.ts'
import { LOCK_TIMEOUT, STATEMENT_TIMEOUT } from '../sql/timeouts.ts'
import { NamesPlugin } from '../sql/names.ts'
import type { Naming } from '../sql/naming.ts'
import { nameFrom } from '../rules/people-search.ts'
import { unnest, uuids } from './array.ts'
import { binaryArray } from './binary-array.ts'
import { PLAN_ANEW } from './pool.ts'
import { unchangedOf } from './unchanged.ts'

/** Sorted by code point, which is by byte; and lower() only changes ASCII, as on SQLite, whatever the database's locale */
const TEXT = sql`text collate "C"`

/** As its index has it, where chats that nobody has stand among the others */
const ASSIGNEE = sql`coalesce(c.assignee_id, '')`
/** The column `last_message_minute` of a time */
const minuteOf = (at: string): RawBuilder<unknown> => sql`date_trunc('minute', ${at}::timestamptz at time zone 'UTC')`
/** Of all chats that have the same time */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * SQLSTATEs: insufficient resources (disk full, too many connections), the server stops or starts, connection exceptions, I/O error,
 * a lock or the statement took too long, read-only
 */
const PASSING = /^(08...|53...|57P0[1-5]|58030|55P03|57014|25006|25P0[34])$/
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? ''

const spaceIn = (text: string): string => `strpos(${text}, ' ')`

const CHATS = sql.table('support_chats')

const rowsOf = <Row extends object>(
  name: string,
  columns: Record<keyof Row & string, Kind>,
  rows: Row[],
): RawBuilder<Row> => sql<Row>`${unnest(name, columns, (column, kind) => binaryArray(rows, column, kind))}`

const statementOf = <Row>({ name, kinds, rows, statement }: Write) =>
  sql<Row>`${statement(rowsOf(name, kinds, rows as Record<string, unknown>[]))}`

const engineOf = (naming: Naming): Engine => ({
  compiler: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    plugins: [new NamesPlugin(naming)],
  }),
  types: {
    uuid: sql`uuid`,
    time: sql`timestamptz`,
    integer: sql`integer`,
    person: TEXT,
    email: TEXT,
    word: TEXT,
    subject: TEXT,
    text: TEXT,
    json: sql`jsonb`,
  },
  hasPartialIndexes: true,
  writesWholePages: false,
  updatesInPlace: true,
  leftovers: undefined,
  spaceIn,
  now: sql<string>`now()`,
  tableEnd: undefined,
  clusteredEnd: undefined,

  createAdapter: () => new PostgresAdapter(),
  createQueryCompiler: () => new PostgresQueryCompiler(),

  // The time limits are set for each transaction and not for the connection, which may be the host's; in one round trip
  begin: [
    `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = ${LOCK_TIMEOUT}; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT}; SET LOCAL idle_in_transaction_session_timeout = ${STATEMENT_TIMEOUT}`,
  ],
  // Not FOR UPDATE, which would wait for foreign keys that point to the row
  lock: sql`for no key update`,

  async lockChats<Row>(trx: Kysely<Tables>, columns: (keyof Row & string)[], ids: string[]): Promise<Row[]> {
    const list = sql.join(columns.map((column) => sql.ref(`c.${column}`)))
    // One by one, so that each is found by the index, also by a plan that was made while the table was small
    const locked = sql<Row>`select c.* from unnest(${uuids(ids)}) as k (id) cross join lateral
      (select ${list} from ${CHATS} as c where c.id = k.id limit 1 for no key update) as c`
    return (await locked.execute(trx)).rows
  },

  time: (iso) => iso,
  rows: rowsOf,
  target: (column) => sql.ref(column),
  updateFrom: (table, rows, on, set) => sql`update ${table} set ${set} from ${rows} where ${on}`,
  updateChats(given, name, columns) {
    const set = Object.entries(columns).map(([column, of]) => sql`${sql.ref(column)} = ${sql.ref(`${name}.${of}`)}`)
    return sql`update ${CHATS} as c set ${sql.join(set)} from ${given} where c.id = ${sql.ref(`${name}.id`)}`
  },
  run: async <Row>(connection: Kysely<Tables>, write: Write) =>
    (await statementOf<Row>(write).execute(connection)).rows,
  async runAll(connection, statements) {
    const parts = statements.map((one, i) => sql`${sql.ref(`w${i}`)} as (${'kinds' in one ? statementOf(one) : one})`)
    await sql`with ${sql.join(parts)} select`.execute(connection)
  },
  notBefore: (column, time) => sql`greatest(${sql.ref(column)}, ${time}::timestamptz + seq * interval '1 millisecond')`,
  onConflictDoNothing: ({ columns, where }) =>
    sql`on conflict (${sql.join(columns.map((c) => sql.ref(c)))}) ${where ? sql`where ${where}` : sql``} do nothing`,
  onConflictUpdate: (columns, set) =>
    sql`on conflict (${sql.join(columns.map((c) => sql.ref(c)))}) do update set ${set((column) => sql`excluded.${sql.ref(column)}`)}`,

  isArchived: (archived) => (archived ? sql<boolean>`c.archived_at is not null` : sql<boolean>`c.archived_at is null`),
  isUnread: sql<boolean>`c.is_unread`,
  // The index has the minute alone, so that the messages of a minute change nothing in it. What is within one is sorted when it is read
  recency: {
    order: [sql`c.last_message_minute`, sql`c.last_message_at`],
    exists: sql<boolean>`c.last_message_minute is not null`,
    upTo: (at) => sql<boolean>`c.last_message_minute <= ${minuteOf(at)} and c.last_message_at <= ${at}`,
    from: (at) => sql<boolean>`c.last_message_minute >= ${minuteOf(at)} and c.last_message_at >= ${at}`,
  },
  // The limit is no condition of a join, so that all people are never read to find those of a page
  userOfChat: sql`lateral (select p.id, p.email, p.name from ${sql.table('support_users')} as p where p.id = c.user_id limit 1)`,
  // One by one, so that no plan reads all messages to find those of a page
  lastMessage: sql`lateral (select m.* from ${sql.table('support_messages')} as m where m.chat_id = c.id and m.seq = c.last_seq limit 1)`,
  assignee: ASSIGNEE,
  // Not `=`: of how many chats an assignee has, a plan for all of them knows nothing, and would sort them. As a part of the order, it is
  // read from the index like the rest
  isOfAssignee(assignee, after) {
    const { at, id } = after ?? { at: 'infinity', id: LAST_ID }
    return sql<boolean>`${ASSIGNEE} >= ${assignee ?? ''} and (${ASSIGNEE}, c.last_message_minute) <= (${assignee ?? ''}, ${minuteOf(at)})
      and (c.last_message_at, c.id) < (${at}, ${id})`
  },
  lowerEmail: sql<string>`lower(u.email)`,
  lower: (text) => sql<string>`lower(${text}::text collate "C")`,
  mailAddress: sql<string>`mail -> 'to' ->> 'address'`,
  mailChat: sql<string>`mail -> 'headers' ->> ${sql.lit(CHAT_HEADER)}`,
  openDueAt: sql`n.due_at`,
  isOpen: sql<boolean>`n.state in ('pending', 'claimed', 'sending')`,

  holdsChat: sql<boolean>`h.chat_id = n.chat_id and h.state in ('claimed', 'sending')`,
  // What is sorted by more than its index is, the planner would rather sort as a whole, after its joins
  pageOfChats: (chats, clauses) => sql`(select * from ${chats} as c ${clauses})`,
  chatsInOrder: sql`c`,
  chatsOfAssigneeInOrder: sql`c`,
  chatsWaitingInOrder: sql`c`,
  usersInOrder: sql`u`,
  nameFrom: (word) => sql.raw(nameFrom('u.name', word, spaceIn)),
  usersByName: () => sql`u`,
  chatOfUser: sql`lateral (select p.* from ${CHATS} as p where p.user_id = u.id limit 1)`,
  planAnew: sql.raw(PLAN_ANEW),

  isConflict: (error) => [SERIALIZATION_FAILURE, DEADLOCK].includes(codeOf(error)),
  isPassing: (error) => PASSING.test(codeOf(error)),
})

export const postgresEngine = (naming: Naming): Engine => ({ ...engineOf(naming), unchanged: unchangedOf() })
