#!/usr/bin/env node
// The command line. Each command is a file beside this one, loaded when it runs.
import { parseArgs, styleText } from 'node:util'
import { readSettings, SettingsError } from '../standalone/settings.ts'
import { VERSION } from '../standalone/version.ts'
import type { Command } from './command.ts'
import { complaintAbout } from './node-version.ts'

const USAGE = `Usage: deskbell <command>

  serve                                              start the server (settings come from the environment)
  migrate [--dry-run]                                bring the database up to date, or show the SQL that would
  token --sub ID --email ADDRESS [--name NAME]       sign a token for a person
        [--admin] [--expires-in SECONDS]             … for a member of staff; default 3600 seconds
  revoke --sub ID [--admin [--left]]                 end a person's tokens and connections, on every node
  account list | create-owner | remove EMAIL         the accounts of staff; create-owner prints a link
  account reset EMAIL [--second-factor-off]          print a link to set a new password
  account sign-in EMAIL [--second-factor-off]        print a link that signs a member in once
  doctor [--json] [--send-to ADDRESS]                find what is wrong and say what to do; may send a test mail
  backup FILE                                        copy an SQLite database while it is used
  restore FILE                                       put such a copy in its place, while no server runs
  renew-epoch                                        after restoring any other database: makes clients reload it
  unsubscribe USER-ID, resubscribe USER-ID           stop e-mails about replies to a user, or start them again
  block USER-ID [--undo]                             refuse what a user sends, or accept it again
  unblock USER-ID|ADDRESS                            send e-mails again to an address that bounced
  export USER-ID [--files FOLDER]                    write all that is stored about a user, as JSON, and their files
  erase USER-ID [--yes]                              erase a user, with their chat and mails, for good
  merge OLD-ID NEW-ID                                move what is stored about a user to their new id
  webhooks [--failed] [--again ID]                   list the newest webhooks, or send one again
  why MESSAGE-ID                                     say why an e-mail about a message was or was not sent

  --help, --version                                  show this, or the version`

const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  token: async () => (await import('./token.ts')).tokenCommand,
  revoke: async () => (await import('./revoke.ts')).revokeCommand,
  account: async () => (await import('./account.ts')).accountCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  'renew-epoch': async () => (await import('./renew-epoch.ts')).renewEpochCommand,
  unsubscribe: async () => (await import('./subscription.ts')).unsubscribeCommand,
  resubscribe: async () => (await import('./subscription.ts')).resubscribeCommand,
  block: async () => (await import('./block.ts')).blockCommand,
  unblock: async () => (await import('./unblock.ts')).unblockCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  erase: async () => (await import('./erase.ts')).eraseCommand,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  webhooks: async () => (await import('./webhooks.ts')).webhooksCommand,
  why: async () => (await import('./why.ts')).whyCommand,
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

const complaint = complaintAbout(process.versions.node)
if (complaint) fail(new SettingsError(complaint))

const [name = '', ...args] = process.argv.slice(2)
const help = { type: 'boolean', short: 'h' } as const
const wantsHelp = parseArgs({ args, options: { help }, strict: false }).values.help === true
const load = Object.hasOwn(commands, name) && !wantsHelp ? commands[name] : undefined
if (load) {
  load()
    .then((command) => command(() => readSettings(process.env), args))
    .catch(fail)
} else if (name === '--version' || name === '-v') {
  console.log(VERSION)
} else {
  const isAsked = wantsHelp || ['', 'help', '--help', '-h'].includes(name)
  console.log(USAGE)
  if (!isAsked) fail(new SettingsError(`There is no command "${name}"`))
}
