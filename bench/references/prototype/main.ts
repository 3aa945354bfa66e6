// The prototype as a process: DATABASE is `none`, `sqlite:FILE` or a URL of PostgreSQL or MariaDB; PORT.
import { keepInMysql, keepInPostgres, keepInSqlite, keepNothing } from './keep.ts'
import { servePrototype } from './server.ts'

const database = process.env['DATABASE'] ?? 'none'
const keep =
  database === 'none'
    ? keepNothing
    : database.startsWith('sqlite:')
      ? keepInSqlite(database.slice('sqlite:'.length))
      : await (database.startsWith('mysql:') ? keepInMysql : keepInPostgres)(database)

await servePrototype(Number(process.env['PORT']), keep)
console.log('listening')
process.on('SIGTERM', () => process.exit(0))
