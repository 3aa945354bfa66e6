// The pages besides the chats. Each is a chunk of its own, which is loaded when it is opened, so the dashboard's start does not grow.
//
// To add one:
// 1. its name in `PAGE_NAMES` (state/navigation.ts), which is its address: `?page=NAME`;
// 2. its words in locales/NAME.en.ts, with their type in pages/NAME/catalogue.ts, and a line in test/catalogues.test.ts;
// 3. its component in pages/NAME/page.tsx, which takes what it needs from `useDashboard()`: `api` for its requests, `desk`, `moments`.
//    Its head, with the title and the way back, is drawn around it. Its styles go to css/pages.css, which comes with the first page;
// 4. an entry below, and its title in locales/en.ts;
// 5. on the server, `Link: <…>; rel="NAME"` beside each page of the list of chats (`GET admin/chats`), for those who may see it.
//    Without that link the menu does not show the page, unless it is for all.
import type { JSX } from 'preact'
import type { DashboardCatalogue } from '../catalogue.ts'
import { lateStyles } from '../late-styles.ts'
import type { PageName } from '../state/navigation.ts'

export interface PageDefinition {
  title: (words: DashboardCatalogue) => string
  /** Whatever the server offers */
  isForAll?: true
  load: () => Promise<() => JSX.Element | null>
}

/** In the order of the menu */
export const PAGES: Readonly<Record<PageName, PageDefinition>> = {
  numbers: {
    title: (words) => words.numbersPage,
    isForAll: true,
    load: async () => (await import('./numbers/page.tsx')).NumbersPage,
  },
  replies: {
    title: (words) => words.cannedReplies,
    load: async () => (await import('./replies/page.tsx')).RepliesPage,
  },
  webhooks: {
    title: (words) => words.webhooksPage,
    load: async () => (await import('./webhooks/page.tsx')).WebhooksPage,
  },
  team: {
    title: (words) => words.teamPage,
    load: async () => (await import('./team/page.tsx')).TeamPage,
  },
  notifications: {
    title: (words) => words.notificationsPage,
    isForAll: true,
    load: async () => (await import('./notifications/page.tsx')).NotificationsPage,
  },
  account: {
    title: (words) => words.accountPage,
    load: async () => (await import('./account/page.tsx')).AccountPage,
  },
}

/** Loads the stylesheet of the pages */
export const pageStyles = lateStyles(new URL('../css/pages.css', import.meta.url).href)
