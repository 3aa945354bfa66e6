/** The channel that is used unless another is named */
export const CHANNEL = 'deskbell'

export interface BusOptions {
  /**
   * Hints stay in their channel: installations that share a server need a channel each. Letters, digits, `_`, `-` and single dots,
   * at most 60. Default: `deskbell`
   */
  channel?: string | undefined
}

/**
 * @returns the channel's name
 * @throws Error when some kind of server does not accept it
 */
export function checkedChannel(name = CHANNEL): string {
  if (!/^\w[\w-]*(\.[\w-]+)*$/.test(name) || name.length > 60)
    throw new Error(`The channel ${name} needs a name of letters, digits, _, - and single dots, 60 at most`)
  return name
}

/** A server's URL without its user, password and parameters */
export function withoutCredentials(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
