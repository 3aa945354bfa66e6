// Where a sign-in leads back to: the address of the dashboard is kept in `return_to`.

/** Only a query of the dashboard's, so it never leads anywhere else */
const isQuery = (text: string): boolean => /^\?[\w=&%.~-]{1,300}$/.test(text)

/** The address of the dashboard, relative to a page below it. @param returnTo as the request has it */
export const wayBack = (returnTo: string | undefined): string =>
  `../dashboard${returnTo !== undefined && isQuery(returnTo) ? returnTo : ''}`

/** The same page with the way back, to give it on. @param returnTo as the request has it */
export const withReturn = (page: string, returnTo: string | undefined): string =>
  returnTo !== undefined && isQuery(returnTo) ? `${page}?return_to=${encodeURIComponent(returnTo)}` : page
