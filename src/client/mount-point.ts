/** Where Deskbell is mounted unless the page says otherwise: the path that the documentation mounts it at */
export const DEFAULT_SERVER = '/support'

/** The absolute URL. @param server may be relative to the page */
export const mountPoint = (server: string): string => new URL(server, globalThis.document?.baseURI).href
