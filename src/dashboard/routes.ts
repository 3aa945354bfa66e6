// Where we are: `/dashboard`, `/dashboard?archived=true`, `/dashboard?chat=<id>`, or both parameters. Queries and not
// paths, so that relative addresses of assets and of the API hold under any mount.
import { signal } from '@preact/signals'

export interface Route {
  archived: boolean
  chat: string | null
}

const read = (): Route => {
  const params = new URLSearchParams(location.search)
  return { archived: params.get('archived') === 'true', chat: params.get('chat') || null }
}

export const route = signal<Route>(read())
addEventListener('popstate', () => {
  route.value = read()
})

export const href = ({ archived, chat }: Route): string => {
  const params = new URLSearchParams()
  if (archived) params.set('archived', 'true')
  if (chat !== null) params.set('chat', chat)
  const query = params.toString()
  return query === '' ? location.pathname : `?${query}`
}

export function navigate(change: Partial<Route>): void {
  const next = { ...route.value, ...change }
  if (next.archived === route.value.archived && next.chat === route.value.chat) return
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
