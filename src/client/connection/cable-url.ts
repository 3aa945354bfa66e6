/** Where a server's WebSocket is. @param base absolute URL of the mount point, with a slash at its end */
export const cableUrl = (base: string): string => new URL('cable', base).href.replace(/^http/, 'ws')
