#!/usr/bin/env node
// The command line: serve, migrate, token, revoke, why.
import { parseArgs, styleText } from 'node:util'
import { sqliteStore, type Store } from '../adapters/node.ts'
import { why } from '../server/notifications/why.ts'
import { subjectOf } from '../server/people/revocations.ts'
import { AUDIENCE, tokens } from '../server/people/token.ts'
import { readSettings, SettingsError, type Settings } from '../standalone/settings.ts'
import { serve } from '../standalone/serve.ts'
import { summary } from './summary.ts'

const USAGE = `Usage: deskbell <command>

  serve                                              start the server (settings come from the environment)
  migrate                                            bring the database up to date
  token --sub ID --email ADDRESS [--name NAME]       sign a token for a person
        [--admin] [--expires-in SECONDS]             … for a member of staff; default 3600 seconds
  revoke --sub ID [--admin]                          end a person's tokens and connections, on every node
  why MESSAGE-ID                                     tell why an e-mail about a message was or was not sent`

const commands: Record<string, (settings: () => Settings, args: string[]) => Promise<void>> = {
  async serve(settings) {
    const read = settings()
    const running = await serve(read)
    console.log(summary(running, read))
    let stopping = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        // The second Ctrl-C of an impatient person ends it at once
        if (stopping) process.exit(1)
        stopping = true
        running.stop().then(
          () => process.exit(0),
          (error: unknown) => fail(error),
        )
      })
    }
  },

  async migrate(settings) {
    const { databaseFile } = settings()
    await (await open(databaseFile)).close()
    console.log(`${databaseFile} is up to date`)
  },

  async token(settings, args) {
    const { values } = parseArgs({
      args,
      options: {
        sub: { type: 'string' },
        email: { type: 'string' },
        name: { type: 'string' },
        admin: { type: 'boolean', default: false },
        'expires-in': { type: 'string', default: '3600' },
      },
    })
    const { sub, email, name, admin } = values
    const seconds = Number(values['expires-in'])
    if (!sub || !email) throw new SettingsError('token needs --sub and --email')
    if (!Number.isSafeInteger(seconds) || seconds < 1) throw new SettingsError('--expires-in takes a number of seconds')
    const audience = admin ? AUDIENCE.admin : AUDIENCE.user
    console.log(await tokens(settings().secret).sign({ sub, email, name }, audience, seconds))
  },

  async revoke(settings, args) {
    const { values } = parseArgs({
      args,
      options: { sub: { type: 'string' }, admin: { type: 'boolean', default: false } },
    })
    const { sub, admin } = values
    if (!sub) throw new SettingsError('revoke needs --sub')
    const store = await open(settings().databaseFile)
    const subject = subjectOf({ id: sub, role: admin ? 'admin' : 'user' })
    await store.revoke({ subject, revoked_at: new Date().toISOString() })
    await store.close()
    console.log(`What ${admin ? 'staff member' : 'user'} ${sub} was given until now is no longer good`)
  },

  async why(settings, args) {
    const { positionals } = parseArgs({ args, allowPositionals: true })
    const [id] = positionals
    if (id === undefined || positionals.length > 1) throw new SettingsError('why needs the id of one message')
    const store = await open(settings().databaseFile)
    const account = await store.explainNotification(id)
    await store.close()
    if (!account) throw new SettingsError(`There is no message ${id}`)
    console.log(why(account, new Date().toISOString()))
  },
}

function open(file: string): Promise<Store> {
  return sqliteStore(file).catch((error: Error) => {
    throw new SettingsError(`The database ${file} cannot be opened: ${error.message}`)
  })
}

function fail(error: unknown): never {
  const isUsage = error instanceof SettingsError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  const text = isUsage
    ? (error as Error).message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error)
  console.error(`${styleText('red', 'deskbell:')} ${text}`)
  process.exit(1)
}

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command) command(() => readSettings(process.env), args).catch(fail)
else {
  console.log(USAGE)
  process.exit(name === '' || name === 'help' || name === '--help' ? 0 : 1)
}
