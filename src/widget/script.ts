// Where this script came from, and what its tag says.

// A page may have an element of this name.
const current = document.currentScript instanceof HTMLScriptElement ? document.currentScript : undefined
/** A module has no current script, but the stack of an error names its file. Code without a file has no address at all. */
const file = current ? current.src : /https?:\S+?\/widget\.js[^\s:)]*/.exec(new Error().stack ?? '')?.[0]

/** The tag, if there is one */
export const script = current ?? [...document.scripts].find(({ src }) => src === file)

/** The script's folder, which is also the mount point unless `server` says otherwise */
export const home = file?.startsWith('http') ? new URL('.', file).href : null
