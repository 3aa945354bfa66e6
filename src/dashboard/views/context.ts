// What every view may use: the state, the server, the words, and the drafts of replies.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Drafts } from '../../ui/drafts.ts'
import type { DashboardCatalogue } from '../catalogue.ts'
import type { Moments } from '../moments.ts'
import type { Desk } from '../state/desk.ts'
import type { DeskApi } from '../state/desk-api.ts'

export interface Dashboard {
  desk: Desk
  /** For what a page asks of the server */
  api: DeskApi
  words: DashboardCatalogue
  moments: Moments
  drafts: Drafts
}

export const DashboardContext = createContext<Dashboard | null>(null)

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext)
  if (dashboard === null) throw new Error('A view is used outside of the App')
  return dashboard
}
