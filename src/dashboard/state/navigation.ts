// Where the person is: `/dashboard`, `/dashboard?archived=true`, `/dashboard?assignee=me`, `/dashboard?tag=<tag>`, `/dashboard?waiting=true`, `/dashboard?chat=<id>`, `…&at=<seq>`, `/dashboard?page=<name>`, or
// several. Queries and not paths, so that relative addresses of assets and of the API hold under any mount.
import { signal } from '@preact/signals'
import type { Whose } from '../../client/staff/list-order.ts'
import { tagIn } from '../../protocol/tags.ts'
import type { AddressBar } from './environment.ts'

/** What the dashboard shows besides chats. `pages/pages.ts` says how to add one */
export const PAGE_NAMES = ['numbers', 'replies', 'webhooks', 'team', 'notifications', 'account'] as const
export type PageName = (typeof PAGE_NAMES)[number]

const WHOSE = ['me', 'none'] as const satisfies readonly Whose[]

/** At most one of a chat and a page is open */
export interface Route {
  archived: boolean
  /** Whose chats the list shows; null: everybody's */
  assignee: Whose | null
  /** Only chats with this tag; null: all. At most one of this, `assignee` and `waiting` */
  tag: string | null
  /** Only active chats in which somebody waits, the longest wait first */
  waiting: boolean
  chat: string | null
  /** The seq of the message to show in it */
  at: number | null
  page: PageName | null
}

/** @param search the query of an address. Values that are not valid are ignored */
export function parseRoute(search: string): Route {
  const params = new URLSearchParams(search)
  const at = params.get('at') ?? ''
  // Some programs capitalize what is copied from them, and ids are compared letter by letter
  const assignee = WHOSE.find((whose) => whose === params.get('assignee')) ?? null
  const archived = params.get('archived') === 'true'
  const tag = assignee === null ? tagIn(params.get('tag') ?? '') : null
  const chat = params.get('chat')?.trim().toLowerCase() || null
  return {
    archived,
    assignee,
    tag,
    waiting: params.get('waiting') === 'true' && !archived && assignee === null && tag === null,
    chat,
    at: /^[1-9]\d{0,8}$/.test(at) ? Number(at) : null,
    page: chat === null ? (PAGE_NAMES.find((name) => name === params.get('page')) ?? null) : null,
  }
}

export class Navigation {
  readonly route
  readonly #bar: AddressBar
  readonly #stop: () => void

  constructor(bar: AddressBar) {
    this.#bar = bar
    this.route = signal<Route>(parseRoute(bar.search))
    this.#stop = bar.onTraverse(() => {
      this.route.value = parseRoute(bar.search)
    })
  }

  href({ archived, assignee, tag, waiting, chat, at, page }: Route): string {
    const params = new URLSearchParams()
    if (archived) params.set('archived', 'true')
    if (assignee !== null) params.set('assignee', assignee)
    else if (tag !== null) params.set('tag', tag)
    else if (waiting && !archived) params.set('waiting', 'true')
    if (chat !== null) params.set('chat', chat)
    if (chat !== null && at !== null) params.set('at', String(at))
    if (chat === null && page !== null) params.set('page', page)
    const query = params.toString()
    return query === '' ? this.#bar.pathname : `?${query}`
  }

  navigate(change: Partial<Route>): void {
    const here = this.route.peek()
    const next = { ...here, ...besides(change), ...change }
    if (this.href(next) === this.href(here)) return
    this.#bar.push(this.href(next))
    this.route.value = next
  }

  close(): void {
    this.#stop()
  }
}

/** What a change of the route ends. `at` names a message of one chat, so it goes when the chat changes */
function besides({ chat, page, archived, assignee, tag, waiting }: Partial<Route>): Partial<Route> {
  const filter = {
    ...(assignee && { tag: null, waiting: false }),
    ...(tag && { assignee: null, waiting: false }),
    ...(waiting && { archived: false, assignee: null, tag: null }),
    // Nobody waits in the archive
    ...(archived && { waiting: false }),
  }
  if (page) return { ...filter, chat: null, at: null }
  if (chat === undefined) return filter
  return chat === null ? { ...filter, at: null } : { ...filter, at: null, page: null }
}
