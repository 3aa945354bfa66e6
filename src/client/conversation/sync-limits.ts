// Apart from `Sync`, because the bundler puts constants of another file where they are used.

export const OLDER_PAGE = 50
export const CATCH_UP_PAGE = 200
/** When more pages are missing, the newest page replaces what is held */
export const CATCH_UP_PAGES = 5
/** Ticks (of `POLL_EVERY`) between two tries, at most, while there is nothing to load or nobody is signed in */
export const PATIENCE = 12
