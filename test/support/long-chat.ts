// A chat with so many messages, on the stand-alone server, and the pages of its two sides.
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { sqliteStore } from '../../src/entries/node.ts'
import { message } from '../../src/testing/database-conformance/kit.ts'
import { giveHostPage } from './browser.ts'
import { startServer, type TestServer } from './running-server.ts'

const WORDS = 'The invoice of last month shows a seat that nobody uses and we would like to know why it is there'.split(
  ' ',
)

export interface LongChat {
  url: string
  /** A message of staff's, or of the person's */
  write: (by: 'admin' | 'user', content: string) => Promise<void>
  /** A page of the person's, or of somebody else's, with the widget, which is not open yet */
  widget: (context: BrowserContext, user?: string) => Promise<Page>
  /** A page of staff's, with the chat open */
  dashboard: (context: BrowserContext) => Promise<Page>
  stop: () => Promise<void>
}

export async function startLongChat(messages: number): Promise<LongChat> {
  const server = await startServer({ RATE_LIMIT: 'off' })
  const [user, admin] = await Promise.all([server.userToken('ada'), server.adminToken()])
  const { id } = (await (await call(server, 'GET', 'support_chat', user)).json()) as { id: string }
  const write = async (by: 'admin' | 'user', content: string): Promise<void> => {
    const path = by === 'user' ? 'support_chat/messages' : `admin/chats/${id}/messages`
    await call(server, 'POST', path, by === 'user' ? user : admin, { content })
  }
  await fill(server, id, messages)
  // Both have read it, so it opens at its end
  const read = { up_to_seq: messages }
  await call(server, 'PATCH', 'support_chat/mark_read', user, read)
  await call(server, 'POST', `admin/chats/${id}/mark_viewed`, admin, read)
  return {
    url: server.url,
    write,
    async widget(context, name = 'ada') {
      const page = await context.newPage()
      const token = name === 'ada' ? user : await server.userToken(name)
      const host = `<!doctype html><title>Host</title><body style="height: 3000px"><script src="/widget.js" data-token="${token}" async></script>`
      await giveHostPage(page, host)
      await page.goto(`${server.url}/host`)
      return page
    },
    async dashboard(context) {
      const page = await context.newPage()
      await page.goto(server.signInUrl)
      await page.getByRole('link', { name: /ada@example\.com/ }).click()
      return page
    },
    stop: () => server.stop(),
  }
}

/** Many at a time, as another node would write them: one by one a request each, they are most of the time that a test takes */
async function fill(server: TestServer, chatId: string, messages: number): Promise<void> {
  const BATCH = 100
  const store = await sqliteStore(join(server.env['DATA_DIR'] ?? '', 'deskbell.db'))
  const created_at = new Date().toISOString()
  const all = Array.from({ length: messages }, (_, i) => {
    const isUser = (i + 1) % 5 < 3
    const sender = isUser
      ? ({ sender_type: 'user', sender_id: 'ada', sender_name: 'User ada' } as const)
      : ({ sender_type: 'admin', sender_id: 'sam', sender_name: 'Sam' } as const)
    return message(chatId, { ...sender, content: contentOf(i + 1), created_at })
  })
  for (let n = 0; n < all.length; n += BATCH) await store.appendMessages(all.slice(n, n + BATCH))
  await store.close()
}

/** Its number, and between one and four lines, the same in each run */
const contentOf = (n: number): string =>
  `${n}: ${Array.from({ length: 3 + ((n * 7) % 30) }, (_, i) => WORDS[(n + i) % WORDS.length]).join(' ')}`

async function call(server: TestServer, method: string, path: string, token: string, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${server.url}/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  return response
}
