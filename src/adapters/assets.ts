// Serves the built pages and scripts from dist/, which also has their compressed forms. They are kept in memory.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { chatPageHeaders } from '../server/http/page.ts'

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** A service worker is asked for again and again by one name, below which its scope is */
const WORKER = '/dashboard/push-worker.js'
/** Vite puts a hash of the content into these names, so the files never change */
const HASHED = /-[\w-]{8}\.\w+$/

interface Asset {
  type: string
  etag: string
  plain: Buffer
  br: Buffer
  gzip: Buffer
}

async function load(file: string): Promise<Asset> {
  const [plain, br, gz] = await Promise.all([readFile(file), readFile(`${file}.br`), readFile(`${file}.gz`)])
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 16)}"`
  return { type: TYPES[extname(file)] ?? 'application/octet-stream', etag, plain, br, gzip: gz }
}

/** What `npm run build` fills */
interface Folders {
  widget: string
  dashboard: string
}

interface AssetOptions {
  folders: Folders
  /** Whether what answers a request arrives with its `Content-Encoding` */
  mayEncode: (request: Request) => boolean
  /** Where the dashboard connects to besides this server, for `connect-src` */
  sources: readonly string[]
}

export function assetSource({
  folders,
  mayEncode,
  sources,
}: AssetOptions): (path: string, request: Request) => Promise<Response | undefined> {
  const pageHeaders = chatPageHeaders(sources)
  const known = new Map<string, Promise<Asset | undefined>>()

  return async (path, request) => {
    const file = fileOf(path, folders)
    if (file === undefined) return undefined
    let asset = known.get(file)
    if (!asset) {
      asset = load(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined
        throw error
      })
      // Only existing files are cached: requests for random names must not fill the memory
      if (await asset) known.set(file, asset)
    }
    const found = await asset
    return found && respond(found, { file, request, mayEncode: mayEncode(request), pageHeaders })
  }
}

/** `/dashboard` and paths below it come from one folder, scripts at the root from the other */
function fileOf(path: string, { widget, dashboard }: Folders): string | undefined {
  if (path === '/dashboard') return join(dashboard, 'index.html')
  if (path === WORKER) return join(dashboard, 'push-worker.js')
  const asset = /^\/dashboard(\/assets\/[\w.-]{1,100})$/.exec(path)?.[1]
  if (asset !== undefined) return join(dashboard, asset)
  return /^\/[\w.-]{1,100}\.(js|css)$/.test(path) ? join(widget, path) : undefined
}

interface Asked {
  file: string
  request: Request
  mayEncode: boolean
  pageHeaders: Record<string, string>
}

function respond(asset: Asset, { file, request, mayEncode, pageHeaders }: Asked): Response {
  const isPage = file.endsWith('.html')
  const headers = new Headers({
    ...(isPage ? pageHeaders : {}),
    'content-type': asset.type,
    etag: asset.etag,
    vary: 'Accept-Encoding',
    'cache-control':
      isPage || file.endsWith('/push-worker.js')
        ? 'no-cache'
        : HASHED.test(file)
          ? 'public, max-age=31536000, immutable'
          : 'public, max-age=300',
    // Pages of any origin load the widget, also those with a Cross-Origin-Embedder-Policy
    'cross-origin-resource-policy': isPage ? 'same-origin' : 'cross-origin',
    'access-control-allow-origin': '*',
  })
  if (isPage) headers.delete('access-control-allow-origin')
  if (request.headers.get('if-none-match') === asset.etag) return new Response(null, { status: 304, headers })
  const accepts = (mayEncode && request.headers.get('accept-encoding')) || ''
  const encoding = accepts.includes('br') ? 'br' : accepts.includes('gzip') ? 'gzip' : undefined
  if (encoding !== undefined) headers.set('content-encoding', encoding)
  return new Response(new Uint8Array(asset[encoding ?? 'plain']), { headers })
}
