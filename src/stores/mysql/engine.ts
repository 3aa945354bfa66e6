import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, sql } from 'kysely'
import { CHAT_HEADER } from '../../server/ports/mailer.ts'
import type { Engine } from '../sql/engine.ts'
import type { Tables } from '../sql/tables.ts'
import { writeOf, type Write } from '../sql/write.ts'
import { NamesPlugin } from '../sql/names.ts'
import type { Naming } from '../sql/naming.ts'
import { READ_COMMITTED } from './pool.ts'
import { statements } from './statements.ts'
import { wordIndex } from './search/word-index.ts'

export type Brand = 'mysql' | 'mariadb'

const CHATS = sql.table('support_chats')
/** Where a column must have a value that is never stored */
const EPOCH = sql.lit('1970-01-01 00:00:00')

/** Where MySQL and MariaDB differ */
interface Differences {
  /** The collation of text: the only binary one of each that does not ignore spaces at the end */
  collation: string
  /**
   * Locks the chats `c` that are joined to a list. In MySQL, `for update` alone means the list as well, which cannot be locked; MariaDB
   * has no other syntax, and ignores the list.
   */
  lockChats: string
}

const DIFFERENCES: Record<Brand, Differences> = {
  mysql: { collation: 'utf8mb4_0900_bin', lockChats: 'for update of c' },
  mariadb: { collation: 'utf8mb4_nopad_bin', lockChats: 'for update' },
}

/** Server errors (https://dev.mysql.com/doc/mysql-errors): the same may succeed later */
const PASSING = new Set([
  1021, // disk full
  1037, // out of memory
  1040, // too many connections
  1041, // out of resources
  1053, // server shutdown
  1114, // table full: so is the disk or the tablespace
  1205, // lock wait timeout
  1203, // too many connections of this user
  1226, // over a limit of this user
  1290, // read-only
  1317, // interrupted
  1792, // read-only transaction
  1836, // read-only mode
  1927, // connection killed
  1969, // statement timeout of MariaDB
  3024, // statement timeout of MySQL
  3168, // server is starting or stopping
  4031, // disconnected for being idle
])
const DEADLOCK = 1213
const DUPLICATE = 1062
/** MariaDB, since 11.6 by default: a row had changed between being read and locked */
const RECORD_CHANGED = 1020

const numberOf = (error: unknown): number => (error as { errno?: number }).errno ?? 0

export const mysqlErrors: Pick<Engine, 'isConflict' | 'isPassing'> = {
  isConflict: (error) => [DEADLOCK, RECORD_CHANGED].includes(numberOf(error)),
  isPassing: (error) => PASSING.has(numberOf(error)),
}

/** @param isOurs its connections are made by `connectMysql`, which sets the isolation level */
export function mysqlEngine(naming: Naming, brand: Brand, isOurs = false): Engine {
  const engine = withoutWords(naming, brand, isOurs)
  return { ...engine, words: wordIndex(engine) }
}

function withoutWords(naming: Naming, brand: Brand, isOurs: boolean): Omit<Engine, 'words'> {
  const { collation, lockChats } = DIFFERENCES[brand]
  const { prefix = '' } = naming
  const inTable = (what: 'columns' | 'statistics', table: string): string =>
    `select 1 from information_schema.${what} where table_schema = database() and table_name = '${prefix}${table}'`
  const exact = sql.raw(` character set utf8mb4 collate ${collation}`)
  const ascii = sql` character set ascii collate ascii_bin`
  const types = {
    // Not CHAR, which MariaDB does not accept in generated columns
    uuid: sql`varchar(36)${ascii}`,
    time: sql`datetime(6)`,
    integer: sql`int`,
    person: sql`varchar(200)${exact}`,
    email: sql`varchar(512)${exact}`,
    word: sql`varchar(64)${exact}`,
    subject: sql`varchar(255)${exact}`,
    text: sql`mediumtext${exact}`,
    json: sql`longtext${exact}`,
  }

  const { rows, run, runAll } = statements(types)

  return {
    compiler: new Kysely({
      dialect: {
        createAdapter: () => new MysqlAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new MysqlIntrospector(db),
        createQueryCompiler: () => new MysqlQueryCompiler(),
      },
      plugins: [new NamesPlugin(naming)],
    }),
    types,
    hasPartialIndexes: false,
    writesWholePages: false,
    updatesInPlace: false,
    leftovers: {
      column: (table, name) => `${inTable('columns', table)} and column_name = '${name}'`,
      index: (table, name) => `${inTable('statistics', table)} and index_name = '${prefix}${name}' limit 1`,
    },
    spaceIn: (text) => `instr(${text}, ' ')`,
    now: sql<string>`utc_timestamp(3)`,
    tableEnd: sql`engine = InnoDB${exact}`,
    // InnoDB's tables always are clustered
    clusteredEnd: sql`engine = InnoDB${exact}`,

    createAdapter: () => new MysqlAdapter(),
    createQueryCompiler: () => new MysqlQueryCompiler(),

    // For the next transaction only, where the connection is the host's
    begin: [...(isOurs ? [] : [`SET TRANSACTION ${READ_COMMITTED}`]), 'START TRANSACTION'],
    lock: sql`for update`,

    isDuplicate: (error) => numberOf(error) === DUPLICATE,

    lockChats<Row>(trx: Kysely<Tables>, columns: (keyof Row & string)[], ids: string[]): Promise<Row[]> {
      const list = columns.map((column) => `c.${column}`).join(', ')
      const statement: Write['statement'] = (wanted) =>
        sql`select ${sql.raw(list)} from ${wanted} straight_join ${CHATS} as c force index (primary) on c.id = k.id ${sql.raw(lockChats)}`
      const locks = { key: `lock ${list}`, name: 'k', kinds: { id: 'uuid' }, rows: ids.map((id) => ({ id })) } as const
      return run(trx, writeOf<{ id: string }>({ ...locks, statement }))
    },

    time: (iso) => iso.replace('T', ' ').replace('Z', ''),
    rows,
    run,
    runAll,
    // Each exists, so none is inserted. Not an UPDATE of a join, for which MariaDB makes a table on the disk, each time
    updateChats(given, name, columns) {
      const from = Object.values(columns).map((of) => sql.ref(`${name}.${of}`))
      const set = Object.keys(columns).map((column) => sql`${sql.ref(column)} = values(${sql.ref(column)})`)
      return sql`insert into ${CHATS} (id, user_id, created_at, ${sql.join(Object.keys(columns).map((column) => sql.ref(column)))})
        select ${sql.ref(`${name}.id`)}, '', ${EPOCH}, ${sql.join(from)} from ${given} on duplicate key update ${sql.join(set)}`
    },
    target: (column) => sql.ref(`c.${column}`),
    // The rows first, each found by its key: otherwise a small table is scanned, and the scan waits for others' locks
    updateFrom: (table, given, on, set) =>
      sql`update ${given} straight_join ${table} force index (primary) on ${on} set ${set}`,
    notBefore: (column, time) =>
      sql`greatest(${sql.ref(column)}, date_add(cast(${time.replace('T', ' ').replace('Z', '')} as datetime(6)), interval seq * 1000 microsecond))`,
    onConflictDoNothing: ({ anyColumn }) => sql`on duplicate key update ${sql.ref(anyColumn)} = ${sql.ref(anyColumn)}`,
    // Deprecated in MySQL, but MariaDB has nothing else
    onConflictUpdate: (_columns, set) =>
      sql`on duplicate key update ${set((column) => sql`values(${sql.ref(column)})`)}`,

    isArchived: (archived) => sql<boolean>`c.is_archived = ${sql.lit(archived ? 1 : 0)}`,
    isUnread: sql<boolean>`c.is_unread = 1`,
    recency: {
      order: [sql`c.last_message_at`],
      exists: sql<boolean>`c.last_message_at is not null`,
      upTo: (at) => sql<boolean>`c.last_message_at <= ${at}`,
      from: (at) => sql<boolean>`c.last_message_at >= ${at}`,
    },
    userOfChat: sql`${sql.table('support_users')}`,
    lastMessage: sql.table('support_messages'),
    // As a part of the order, it would make MariaDB sort them all (measured: 900 ms at 200,000 chats instead of 1)
    assignee: undefined,
    isOfAssignee(assignee, after) {
      const isTheirs =
        assignee === null ? sql<boolean>`c.assignee_id is null` : sql<boolean>`c.assignee_id = ${assignee}`
      if (!after) return isTheirs
      const { at, id } = after
      return sql`${isTheirs} and c.last_message_at <= ${at} and (c.last_message_at < ${at} or c.id < ${id})`
    },
    lowerEmail: sql<string>`u.email_lower`,
    lower: (text) => sql<string>`lower(${text})`,
    mailAddress: sql<string>`json_unquote(json_extract(mail, '$.to.address'))`,
    mailChat: sql<string>`json_unquote(json_extract(mail, ${sql.lit(`$.headers."${CHAT_HEADER}"`)}))`,
    openDueAt: sql`n.open_due_at`,
    isOpen: sql<boolean>`n.open_due_at is not null`,
    holdsChat: sql<boolean>`h.held_chat = n.chat_id`,
    // Without this, MariaDB begins a deep page at the newest chat (measured: 6.7 ms at 10,000 chats instead of 0.4)
    chatsInOrder: sql`c force index (${sql.id('support_chats_active')})`,
    chatsOfAssigneeInOrder: sql`c force index (${sql.id('support_chats_assignee')})`,
    chatsWaitingInOrder: sql`c force index (${sql.id('support_chats_waiting')})`,
    // Without this, both sort all chats where many addresses match (measured on MySQL: 126 ms at 20,000 chats)
    usersInOrder: sql`u force index (${sql.id('support_users_email')})`,
    nameFrom: (word) => sql.ref(`u.name_from_${word}`),
    usersByName: (word) => sql`u force index (${sql.id(`support_users_name_from_${word}`)})`,
    chatOfUser: CHATS,
    // Both always do
    planAnew: sql``,

    ...mysqlErrors,
  }
}
