export interface VisitorsQuery {
  /** Looks at ids above this one */
  after: string
  /** How many visitors to look at, at most */
  limit: number
  /** Idle are those who were last here, and whose chat had its last message, before this time */
  before: string
}

export interface IdleVisitors {
  /** Of those who were looked at, the idle ones, in order */
  ids: string[]
  /** The last id that was looked at; null: there are no more */
  last: string | null
}

export interface VisitorStore {
  /** Looks for idle visitors (users whose id begins with `visitor:`), in order of their ids, by their key alone */
  idleVisitors(query: VisitorsQuery): Promise<IdleVisitors>
}
