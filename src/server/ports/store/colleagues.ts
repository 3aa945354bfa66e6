/** Somebody who was here with the role of staff */
export interface SeenColleague {
  id: string
  name: string | null
  /** Accurate to the minute */
  last_seen_at: string
}

/** Somebody who is here now */
export interface PresentColleague {
  id: string
  name: string | null
  /** Their credentials were revoked less than a minute ago, so the time of now is stored, whatever minute it is in */
  returned?: boolean
}

/** Who of staff is known, so that a chat can be assigned to them. The host decides who is staff; this says who was here as one */
export interface ColleagueStore {
  /** Somebody listed twice is as in the last entry */
  saveColleagues(seen: PresentColleague[], at: string): Promise<void>
  findColleague(id: string): Promise<SeenColleague | undefined>
  /** Those who were here last, in any order */
  colleagues(limit: number): Promise<SeenColleague[]>
}
