// What a run left in the database, read past the server: every target stores messages in a table `support_messages`.
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'

/** `sqlite:FILE`, or a URL of PostgreSQL */
export type StoredIn = string

/** @returns `sender:number` of each row of this run, as often as it is there */
export async function storedNumbers(storedIn: StoredIn, mark: string): Promise<string[]> {
  const contents = storedIn.startsWith('sqlite:')
    ? fromSqlite(storedIn.slice('sqlite:'.length), mark)
    : await fromPostgres(storedIn, mark)
  return contents.map((content) => content.slice(mark.length, content.indexOf('#', mark.length)))
}

const OF_RUN = `SELECT content FROM support_messages WHERE substr(content, 1, `

function fromSqlite(file: string, mark: string): string[] {
  const database = new DatabaseSync(file)
  const rows = database.prepare(`${OF_RUN}?) = ?`).all(mark.length, mark) as { content: string }[]
  database.close()
  return rows.map(({ content }) => content)
}

async function fromPostgres(url: string, mark: string): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ content: string }>(`${OF_RUN}${mark.length}) = $1`, [mark])
    return rows.map(({ content }) => content)
  } finally {
    await client.end()
  }
}
