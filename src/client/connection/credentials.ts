// Who we are towards the server: a token from the host's page, or nothing, which means the host's own cookie.

export interface Credentials {
  /** The token to use now; null means the cookie */
  get(): Promise<string | null>
  /** After the server refused the token: another one, or null when there is none to be had */
  refresh(): Promise<string | null>
}

export interface CredentialOptions {
  token?: string | null | undefined
  /** Asked when there is no token yet and again when one has expired */
  getToken?: (() => Promise<string | null>) | null | undefined
}

export function createCredentials({ token = null, getToken = null }: CredentialOptions): Credentials {
  let current = token
  // REST and the socket often learn of an expiry in the same second: one question to the host is enough.
  let asking: Promise<string | null> | null = null
  const ask = (): Promise<string | null> => {
    if (!getToken) return Promise.resolve(null)
    asking ??= getToken()
      .then((fresh) => (current = fresh))
      .finally(() => (asking = null))
    return asking
  }
  return {
    get: () => (current === null ? ask() : Promise.resolve(current)),
    refresh: ask,
  }
}
