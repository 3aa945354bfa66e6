import { PERSON_HEADER } from '../../protocol/person.ts'

/**
 * What a request says of the caller
 * @param token null: a cookie says it
 * @param person a `personTag`; null: not known yet
 */
export const callerHeaders = (token: string | null, person: string | null): Record<string, string> => ({
  ...(token !== null && { Authorization: `Bearer ${token}` }),
  ...(person !== null && { [PERSON_HEADER]: person }),
})
