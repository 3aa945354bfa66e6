// Where we are: `/dashboard`, `/dashboard?archived=true`, `/dashboard?chat=<id>`, `…&at=<seq>`, or several. Queries and not
// paths, so that relative addresses of assets and of the API hold under any mount.
import { signal } from '@preact/signals'

export interface Route {
  archived: boolean
  chat: string | null
  /** The seq of the message to show in it */
  at: number | null
}

const read = (): Route => {
  const params = new URLSearchParams(location.search)
  const at = params.get('at') ?? ''
  return {
    archived: params.get('archived') === 'true',
    chat: params.get('chat') || null,
    at: /^[1-9]\d{0,8}$/.test(at) ? Number(at) : null,
  }
}

export const route = signal<Route>(read())
addEventListener('popstate', () => {
  route.value = read()
})

export const href = ({ archived, chat, at }: Route): string => {
  const params = new URLSearchParams()
  if (archived) params.set('archived', 'true')
  if (chat !== null) params.set('chat', chat)
  if (chat !== null && at !== null) params.set('at', String(at))
  const query = params.toString()
  return query === '' ? location.pathname : `?${query}`
}

export function navigate(change: Partial<Route>): void {
  // A place in one chat is none in another
  const next = { ...route.value, ...(change.chat === undefined ? {} : { at: null }), ...change }
  if (href(next) === href(route.value)) return
  history.pushState(null, '', href(next))
  route.value = next
}

/** For onClick of an <a href>: a plain click stays in the page; a new tab or window is left to the browser */
export function follow(event: MouseEvent, change: Partial<Route>): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  event.preventDefault()
  navigate(change)
}
