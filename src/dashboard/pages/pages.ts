// The pages besides the chats. Each is a chunk of its own, which is loaded when it is opened, so the dashboard's start does not grow.
//
// To add one:
// 1. its name in `PAGE_NAMES` (state/navigation.ts), which is its address: `?page=NAME`;
// 2. its words in locales/NAME.en.ts, with their type in pages/NAME/catalogue.ts, and a line in test/catalogues.test.ts;
// 3. its component in pages/NAME/page.tsx, which takes what it needs from `useDashboard()`: `api` for its requests, `desk`, `moments`.
//    Its head, with the title and the way back, is drawn around it. Its styles go to css/pages.css, which comes with the first page;
// 4. an entry below, and its title in locales/en.ts;
// 5. on the server, `Link: <…>; rel="NAME"` beside each page of the list of chats (`GET admin/chats`), for those who may see it.
//    Without that link the menu does not show the page.
import type { JSX } from 'preact'
import type { DashboardCatalogue } from '../catalogue.ts'
import type { PageName } from '../state/navigation.ts'

export interface PageDefinition {
  title: (words: DashboardCatalogue) => string
  load: () => Promise<() => JSX.Element | null>
}

/** In the order of the menu */
export const PAGES: Readonly<Record<PageName, PageDefinition>> = {
  webhooks: {
    title: (words) => words.webhooksPage,
    load: async () => (await import('./webhooks/page.tsx')).WebhooksPage,
  },
  team: {
    title: (words) => words.teamPage,
    load: async () => (await import('./team/page.tsx')).TeamPage,
  },
  account: {
    title: (words) => words.accountPage,
    load: async () => (await import('./account/page.tsx')).AccountPage,
  },
}

let styles: Promise<void> | undefined

/** Resolves once the stylesheet of the pages applies, or cannot be had */
export const pageStyles = (): Promise<void> =>
  (styles ??= new Promise((resolve) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = new URL('../css/pages.css', import.meta.url).href
    link.onload = () => resolve()
    link.onerror = () => {
      styles = undefined
      link.remove()
      resolve()
    }
    document.head.append(link)
  }))
