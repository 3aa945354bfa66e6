// PostgreSQL: which rights the role of DATABASE_URL lacks, and who can grant them. Other engines hide tables from a role without rights.
import { ask, isPostgres } from './ask.ts'

interface Account {
  role: string
  schema: string | null
  /** Null: there is no schema */
  may_create: string | null
  /** The owner of the existing tables; null: there are none */
  owner: string | null
  /** The missing rights, as GRANT names them; null: none */
  lacks: string | null
}

/** A role without USAGE has no current schema, though the tables may be there */
const SCHEMA = `coalesce(current_schema(), 'public')`
/** One at least of each migration that made tables: grants for all tables leave out those that come later */
const TABLES = [
  'migrations',
  'chats',
  'messages',
  'webhooks',
  'staff',
  'staff_sessions',
  'staff_allowances',
  'push_subscriptions',
]
const QUESTION = `
  with ours as (
    select c.oid, pg_get_userbyid(c.relowner) as owner, p.privilege,
      has_table_privilege(c.oid, p.privilege) as may
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    cross join (values ('SELECT'), ('INSERT')) as p (privilege)
    where n.nspname = ${SCHEMA} and c.relkind in ('r', 'p') and c.relname in (${TABLES.map((name) => `'support_${name}'`).join(', ')})
      and not (c.relname = 'support_migrations' and p.privilege = 'INSERT')
  )
  select current_user as role, current_schema() as schema, has_schema_privilege(current_schema(), 'CREATE')::text as may_create,
    (select max(owner) from ours) as owner,
    (select string_agg(distinct privilege, ', ') from ours where not may) as lacks`

/** What the role lacks, with the statement that grants it; null: nothing was found */
export interface Rights {
  onTables: string | null
  /** Only needed to make the tables */
  onSchema: string | null
}

/** @throws Error when the database does not answer */
export async function rightsOn(url: string): Promise<Rights> {
  if (!isPostgres(url)) return { onTables: null, onSchema: null }
  const [row] = await ask(url, QUESTION)
  const { role, schema, may_create, owner, lacks } = row as Account
  const place = schema ?? 'public'
  const missing = schema === null ? 'USAGE on their schema' : lacks === null ? null : `${lacks} on them`
  const usage = schema === null ? `GRANT USAGE ON SCHEMA ${place} TO ${role}; ` : ''
  return {
    onTables:
      owner === null || missing === null
        ? null
        : `The tables are there and belong to ${owner}, and ${role} lacks ${missing}. As ${owner}: ` +
          `${usage}GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${place} TO ${role}`,
    onSchema:
      may_create === 'true' ? null : `${role} cannot create tables: ${usage}GRANT CREATE ON SCHEMA ${place} TO ${role}`,
  }
}
