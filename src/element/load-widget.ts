import { ELEMENT } from './deskbell-chat.ts'

export interface LoadWidgetOptions {
  /** URL of the mount point, which may be relative to the page */
  server: string
  /** For a content security policy with nonces */
  nonce?: string | undefined
}

interface ScriptUrls {
  createScriptURL(url: string): string
}
/** Where the browser has Trusted Types (W3C), a page may take addresses of scripts only from policies that it names */
declare const trustedTypes: { createPolicy(name: string, rules: ScriptUrls): ScriptUrls } | undefined

let urls: ScriptUrls | undefined
let loading: Promise<void> | null = null

/**
 * Loads the script that defines `<deskbell-chat>` from the server, once for the page. It adds no element of its own.
 * A page with `require-trusted-types-for 'script'` allows the policy `deskbell`, or has the script in its own markup.
 * @throws Error when it does not load; the next call tries again
 */
export function loadWidget({ server, nonce }: LoadWidgetOptions): Promise<void> {
  if (customElements.get(ELEMENT)) return Promise.resolve()
  loading ??= load(new URL('widget.js', new URL(server.replace(/\/*$/, '/'), document.baseURI)).href, nonce).finally(
    () => (loading = null),
  )
  return loading
}

// What throws here is a promise that fails
async function load(url: string, nonce: string | undefined): Promise<void> {
  const script = document.createElement('script')
  if (typeof trustedTypes !== 'undefined')
    urls ??= trustedTypes.createPolicy('deskbell', { createScriptURL: (own) => own })
  script.src = urls?.createScriptURL(url) ?? url
  script.async = true
  script.dataset['manual'] = ''
  if (nonce !== undefined) script.nonce = nonce
  return new Promise((resolve, reject) => {
    script.onload = () => resolve()
    script.onerror = () => {
      script.remove()
      reject(new Error(`Deskbell: ${url} does not load`))
    }
    document.head.append(script)
  })
}
