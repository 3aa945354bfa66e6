// How requests are authenticated: by a token from the host's page, or else by the host's own cookie.
import { asking } from './asking.ts'

export interface Credentials {
  /** The token to use now; null means the cookie */
  get(): Promise<string | null>
  /**
   * Called after the server refused what `get` gave: another token, or null when there is none
   * @param refused the answer; undefined where only a socket was refused
   */
  refresh(refused?: Response): Promise<string | null>
}

export interface CredentialOptions {
  token?: string | null | undefined
  /** Called when there is no token yet, and again when one has expired */
  getToken?: (() => Promise<string | null>) | null | undefined
}

export interface ReplaceableCredentials extends Credentials {
  /** Other options from now on. A token that `getToken` returned stays in use unless `token` is another one than before */
  replace(options: CredentialOptions): void
}

export function createCredentials(options: CredentialOptions): ReplaceableCredentials {
  let { token: given = null, getToken = null } = options
  let current = given
  const ask = asking(async () => getToken?.() ?? null)
  const refresh = async (): Promise<string | null> => getToken && (current = await ask())
  return {
    get: async () => current ?? refresh(),
    refresh,
    replace({ token = null, getToken: other = null }) {
      if (token !== given) current = given = token
      getToken = other
    },
  }
}
