import { parseArgs } from 'node:util'
import { oneLine } from '../protocol/one-line.ts'
import { plural } from '../protocol/plural.ts'
import type { WebhookRecord } from '../server/ports/store/webhooks.ts'
import { readEndpoints, type Endpoint } from '../server/webhooks/endpoint.ts'
import { SettingsError } from '../standalone/settings.ts'
import { openStore, type Command } from './command.ts'

/** Lines of the log */
const NEWEST = 50

/** `deskbell webhooks [--failed]` lists the newest; `--again ID` sends one again, while a server runs */
export const webhooksCommand: Command = async (settings, args) => {
  const { values } = parseArgs({
    args,
    options: { failed: { type: 'boolean', default: false }, again: { type: 'string' } },
  })
  const read = settings()
  const store = await openStore(read)
  try {
    if (values.again === undefined) {
      const records = await store.listWebhooks({ limit: NEWEST, failed: values.failed })
      const endpoints = readEndpoints(read.webhooks)
      console.log(records.length === 0 ? 'None' : records.map((record) => line(record, endpoints)).join('\n'))
    } else {
      console.log(await sendAgain(values.again.trim().toLowerCase(), (id, at) => store.sendWebhookAgain(id, at)))
    }
  } finally {
    await store.close()
  }
}

async function sendAgain(
  id: string,
  send: (id: string, at: string) => Promise<WebhookRecord | undefined>,
): Promise<string> {
  const record = await send(id, new Date().toISOString())
  if (!record) throw new SettingsError(`There is no webhook ${id}`)
  if (record.state === 'sending') return 'It is being sent'
  if (record.due_at === null) return 'It waits for an earlier one of its chat, and is sent after that'
  return 'It is due: a server that runs sends it within a minute'
}

function line(record: WebhookRecord, endpoints: Endpoint[]): string {
  const { id, created_at, state, event, user_email, attempts, status, reason, endpoint } = record
  const url = endpoints.find((one) => one.id === endpoint)?.shownUrl ?? 'an address that is not set any more'
  const tries = plural('en', attempts, { one: 'tried once', other: 'tried # times' })
  const trouble = reason === null ? '' : `  (${reason}${status === null ? '' : ` ${status}`}, ${tries})`
  return `${id}  ${created_at}  ${state.padEnd(9)}  ${event}  ${oneLine(user_email)}  ${url}${trouble}`
}
