// A serverless host, as far as a chat can notice: each request gets a process of its own, which is killed when what it gave to `waitUntil`
// has ended, or before.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { NODE } from '../node.ts'

const FAST_TIME = join(import.meta.dirname, '../../../src/testing/fast-time.ts')
/** How much faster time passes in a process that begins later than it is. Its timeouts are shorter by as much */
const SPEED = 2

export interface FunctionSettings {
  database: string
  smtp: string
  secret: string
  jobsSecret: string
  /** Milliseconds */
  notifyAfter: number
  pusher: { appId: string; key: string; secret: string; host: string; port: number; useTLS: false }
  webhook: { url: string; secret: string }
}

export interface GivenRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string | null
}

export interface Told {
  /** It has loaded its code */
  isReady?: true
  answer?: { status: number; headers: [string, string][]; body: string }
  /** Nothing is left to do */
  isSettled?: true
}

export interface Platform {
  url: string
  /** Resolves when the process that serves a request has to die; null: it lives until it has settled */
  killWhen: ((path: string) => Promise<unknown>) | null
  /** In processes from now on it is this much later (ms) */
  later: number
  /** Processes that were killed before they had settled */
  killed: number
  /** All that processes wrote to their standard error */
  errors: string
  stop(): Promise<void>
}

/** One file, as hosts bundle functions: what a short process takes is mostly the loading of its code */
async function deploy(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, '../../..'),
    publicDir: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['pg-native'] },
    build: {
      ssr: true,
      target: 'es2024',
      minify: false,
      outDir: folder,
      rolldownOptions: {
        input: join(import.meta.dirname, 'function.ts'),
        output: { format: 'es', entryFileNames: 'function.mjs' },
      },
    },
  })
}

export async function startPlatform(settings: FunctionSettings): Promise<Platform> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-function-'))
  await deploy(folder)
  const running = new Set<Promise<void>>()
  const server: Server = createServer((request, response) => {
    const serving = serve(request, response).catch(() => void response.destroy())
    running.add(serving)
    void serving.finally(() => running.delete(serving))
  })
  server.keepAliveTimeout = 0
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const platform: Platform = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    killWhen: null,
    later: 0,
    killed: 0,
    errors: '',
    async stop() {
      await Promise.all(running)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = await read(request)
    const { later, killWhen } = platform
    const time = later === 0 ? {} : { TIME_SPEED: `${SPEED}`, TIME_ANCHOR: `${Date.now() - later / (SPEED - 1)}` }
    const child = spawn(NODE, ['--import', FAST_TIME, join(folder, 'function.mjs')], {
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
        ...time,
        FUNCTION: JSON.stringify(settings),
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    child.stderr?.on('data', (bytes: Buffer) => (platform.errors += bytes.toString()))
    const ended = once(child, 'exit')
    let isSettled = false
    child.on('message', (message) => {
      const told = message as Told
      if (told.isReady) {
        child.send(given)
        void killWhen?.(given.url).then(() => child.kill('SIGKILL'))
      }
      if (told.answer) {
        const { status, headers, body } = told.answer
        response.writeHead(status, headers.flat()).end(body)
      }
      if (told.isSettled) {
        isSettled = true
        child.kill('SIGKILL')
      }
    })
    await ended
    if (!isSettled) platform.killed++
    // Whoever asked learns that nobody answers any more
    if (!response.writableEnded) response.destroy()
  }
  return platform
}

async function read(request: IncomingMessage): Promise<GivenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers } = request
  const { authorization = '', 'content-type': type } = headers
  return {
    method,
    url: `https://app.example/support${url}`,
    headers: { authorization, ...(type === undefined ? {} : { 'content-type': type }) },
    body: chunks.length === 0 ? null : Buffer.concat(chunks).toString(),
  }
}
