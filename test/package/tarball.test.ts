// What somebody gets who installs the package: each of its entries, tried in an app of their own.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf } from '../support/documented-code.ts'
import { until } from '../support/desk.ts'
import { TSC } from '../support/node.ts'
import { packed } from '../support/packed.ts'
import { installInEmptyApp, type App } from '../support/packed-app.ts'
import { freePort } from '../support/ports.ts'

const HOST = join(import.meta.dirname, 'host')
const bin = (name: string): string => join(import.meta.dirname, '../../node_modules', name)

let app: App
beforeAll(() => {
  app = installInEmptyApp()
  // Its tsconfig.json is for the repository, where `deskbell` is what src/entries has
  cpSync(HOST, app.folder, { recursive: true, filter: (file) => file !== join(HOST, 'tsconfig.json') })
})
afterAll(() => app?.remove())

/** Runs a module of somebody's app. @returns what it wrote, read as JSON */
function runModule(source: string): unknown {
  writeFileSync(join(app.folder, 'app.mjs'), source)
  return JSON.parse(app.run('app.mjs'))
}

describe('deskbell', () => {
  it("mounts in a host's server, chat and pages included, without a driver of any database", () => {
    for (const driver of ['pg', 'mysql2', 'mongodb', '@redis/client', '@nats-io/transport-node'])
      expect(existsSync(join(app.folder, 'node_modules', driver))).toBe(false)
    const answers = runModule(`
      import { createServer } from 'node:http'
      import { createDeskbell, mailboxMailer, sqliteStore } from 'deskbell'
      const store = await sqliteStore(':memory:')
      const deskbell = createDeskbell({
        store, mailer: mailboxMailer(store), secret: 'x'.repeat(32), publicUrl: 'http://localhost', basePath: '/support',
        authenticate: async (request) => request.headers.get('cookie') === 'who=ada'
          ? { id: 'ada', role: 'user', email: 'ada@example.com', name: 'Ada', expiresAt: null } : null,
      })
      const server = createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(0)
      const url = 'http://localhost:' + server.address().port + '/support'
      const get = async (path, init) => (await fetch(url + path, init)).status
      const headers = { cookie: 'who=ada', 'content-type': 'application/json' }
      console.log(JSON.stringify([
        await get('/support_chat'),
        await get('/support_chat/messages', { method: 'POST', headers, body: JSON.stringify({ content: 'hi' }) }),
        await get('/widget.js'), await get('/dashboard'),
      ]))
      await deskbell.close(); server.closeAllConnections(); server.close(); await store.close()
    `)
    expect(answers).toEqual([401, 201, 200, 200])
  })

  it('takes the token that the README shows how to sign', () => {
    const sign = codeOf('README.md').find((block) => block.includes('SignJWT'))
    const seen = runModule(`
      import { createDeskbell, mailboxMailer, sqliteStore } from 'deskbell'
      process.env.DESKBELL_SECRET = 'x'.repeat(32)
      const user = { id: 'ada', email: 'ada@example.com', name: 'Ada' }
      ${sign}
      const store = await sqliteStore(':memory:')
      const deskbell = createDeskbell({
        store, mailer: mailboxMailer(store), secret: process.env.DESKBELL_SECRET, publicUrl: 'https://example.com',
      })
      const { id, email, name } = await deskbell.tokens.identify(token, ['deskbell'])
      console.log(JSON.stringify([id, email, name]))
      process.exit()
    `)
    expect(seen).toEqual(['ada', 'ada@example.com', 'Ada'])
  })

  it('names the package to install when a driver is not there', () => {
    const messages = runModule(`
      import { mongoStore, mysqlStore, natsBus, postgresStore, redisBus } from 'deskbell'
      const ignore = () => undefined
      const listen = async (bus) => { try { await bus.listen(ignore, ignore) } finally { await bus.close() } }
      const tries = [
        postgresStore('postgres://localhost/app'), mysqlStore('mysql://localhost/app'),
        mongoStore('mongodb://localhost/app'), listen(redisBus('redis://localhost')), listen(natsBus('nats://localhost')),
      ]
      console.log(JSON.stringify((await Promise.allSettled(tries)).map(({ reason }) => reason?.message)))
    `)
    const missing = (name: string): string => `The package ${name} is not installed. Run: npm install ${name}`
    expect(messages).toEqual([
      ...['pg', 'mysql2', 'mongodb'].map(missing),
      `The bus redis://localhost cannot be used: ${missing('@redis/client')}`,
      `The bus nats://localhost cannot be used: ${missing('@nats-io/transport-node')}`,
    ])
  })

  it('does not start without the driver of its bus, and names the package to install', async () => {
    const running = app.start([join(app.installed, 'dist/cli/deskbell.js'), 'serve'], {
      PORT: '0',
      DATA_DIR: join(app.folder, 'data-without-driver'),
      BUS_URL: 'redis://localhost',
    })
    const end = (): string => {
      try {
        running.failed()
        return 'It has not ended'
      } catch (error) {
        return (error as Error).message
      }
    }
    try {
      await expect.poll(end).toContain('The package @redis/client is not installed. Run: npm install @redis/client')
    } finally {
      await running.stop()
    }
  })

  it('has a command that starts it', () => {
    expect(app.run(join(app.installed, 'dist/cli/deskbell.js'), 'help')).toContain('serve')
  })

  it('runs by itself, with its widget, its dashboard and its metrics', async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const running = app.start([join(app.installed, 'dist/cli/deskbell.js'), 'serve'], {
      NODE_ENV: 'production',
      DATA_DIR: join(app.folder, 'data'),
      DESKBELL_SECRET: 'x'.repeat(32),
      METRICS: 'on',
      HOST: '127.0.0.1',
      PORT: `${port}`,
    })
    const status = (path: string): Promise<number> => fetch(url + path).then(({ status }) => status)
    try {
      await until(() => running.failed() || status('/readyz').then((code) => code === 200, running.failed))
      const paths = ['/widget.js', '/dashboard', '/metrics', '/openapi.json', '/support_chat']
      expect(await Promise.all(paths.map(status))).toEqual([200, 200, 200, 200, 401])
    } finally {
      await running.stop()
    }
  })
})

describe('deskbell/core', () => {
  it('serves a chat where there is nothing of Node, requests and sockets', async () => {
    const builtins: string[] = []
    await build({
      root: app.folder,
      configFile: false,
      logLevel: 'error',
      plugins: [
        {
          name: 'notes-builtins',
          enforce: 'pre',
          resolveId(id, importer) {
            if (isBuiltin(id)) builtins.push(`${importer} imports ${id}`)
          },
        },
      ],
      build: {
        outDir: 'worker',
        target: 'es2022',
        minify: false,
        lib: { entry: 'worker.ts', formats: ['iife'], name: 'worker', fileName: () => 'worker.js' },
      },
    })
    expect(builtins).toEqual([])
    const seen = runModule(`
      import { readFileSync } from 'node:fs'
      import { createContext, runInContext } from 'node:vm'
      const standards = {
        AbortController, AbortSignal, atob, Blob, btoa, clearTimeout, console, crypto, CryptoKey, FormData, Headers, ReadableStream,
        Request, Response, setTimeout, structuredClone, TextDecoder, TextEncoder, URL, URLSearchParams,
        // What the platform hands over is made of these
        ArrayBuffer, Uint8Array,
      }
      const context = createContext(standards)
      runInContext(readFileSync('worker/worker.js', 'utf8'), context)
      const { start, HeardSocket } = runInContext('worker', context)
      const deskbell = await start()
      const token = await deskbell.tokens.sign({ sub: 'ada', email: 'ada@example.com' }, { audience: 'deskbell', expiresIn: 60 })
      const request = (path, init) => new Request('https://chat.example.com' + path, init)
      const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' }
      const chat = await (await deskbell.fetch(request('/support_chat', { headers }))).json()
      const accepted = await deskbell.handshake(request('/ws/chat?chat_id=' + chat.id, { headers }))
      if (accepted instanceof Response) throw new Error(await accepted.text())
      const socket = new HeardSocket()
      const handler = accepted.open(socket)
      handler.receive(JSON.stringify({ action: 'send_message', content: 'by socket', client_id: 'c1' }))
      const sent = await deskbell.fetch(
        request('/support_chat/messages', { method: 'POST', headers, body: JSON.stringify({ content: 'by request' }) }),
      )
      const { messages } = await (await deskbell.fetch(request('/support_chat', { headers }))).json()
      const heard = socket.heard.map((text) => JSON.parse(text)).filter(({ type }) => type === 'new_message')
      console.log(JSON.stringify({
        status: sent.status,
        stored: messages.map(({ seq, content }) => [seq, content]),
        heard: heard.map(({ message: { seq, content } }) => [seq, content]),
      }))
      handler.closed()
      await deskbell.close()
    `)
    const both = [
      [1, 'by socket'],
      [2, 'by request'],
    ]
    expect(seen).toEqual({ status: 201, stored: both, heard: both })
  })
})

describe('deskbell/client', () => {
  it('runs without any code of the server', () => {
    const names = runModule(`console.log(JSON.stringify(Object.keys(await import('deskbell/client'))))`)
    expect(names).toEqual([
      'ApiError',
      'Conversation',
      'Uploads',
      'attachmentKind',
      'connect',
      'createStaffDesk',
      'createUserChat',
      'fillReply',
      'listenWith',
    ])
    const client = join(app.installed, 'dist/client')
    const sources = readdirSync(client, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
    expect(sources.length).toBeGreaterThan(10)
    expect(
      sources.filter((name) => /from '(node:|[./]*\/server\/)/.test(readFileSync(join(client, name), 'utf8'))),
    ).toEqual([])
  })
})

describe('deskbell/socket.io', () => {
  it('needs Socket.IO where the host has it, and nowhere else', () => {
    const names = runModule(`console.log(JSON.stringify(Object.keys(await import('deskbell/socket.io'))))`)
    expect(names).toEqual(['admitListeners', 'attachSocketIo'])
  })
})

describe('deskbell/testing', () => {
  it("runs its suites in somebody else's vitest, on their store and their bus", () => {
    app.link('vitest', 'fast-check')
    interface Report {
      numPassedTests: number
      testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[]
    }
    app.run(bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', '--outputFile=report.json')
    const report = JSON.parse(readFileSync(join(app.folder, 'report.json'), 'utf8')) as Report
    const files = new Set(report.testResults.map(({ name }) => basename(name)))
    expect(files).toEqual(new Set(['memory-bus.spec.ts', 'memory-store.spec.ts']))
    expect(report.numPassedTests).toBeGreaterThan(70)
    // A store may do without accounts, which only the stand-alone server needs, and without push subscriptions
    const missed = report.testResults
      .flatMap((file) => file.assertionResults)
      .filter(({ status }) => status !== 'passed')
    expect(missed.filter(({ fullName }) => !fullName.includes('of staff'))).toEqual([])
    expect(missed.filter(({ status }) => status === 'failed')).toEqual([])
  })
})

describe('its types', () => {
  const consumers = [
    // The browser's and the server's, for which TypeScript has types of its own
    { source: 'consume-client.ts', lib: ['es2024', 'dom', 'dom.iterable'], types: [] },
    { source: 'consume-core.ts', lib: ['es2024', 'webworker'], types: [] },
    { source: 'consume-testing.ts', lib: ['es2024', 'webworker'], types: [] },
    { source: 'consume-node.ts', lib: ['es2024'], types: ['node'] },
    { source: 'consume-socket-io.ts', lib: ['es2024'], types: ['node'] },
  ]
  const resolutions = [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const
  it.each(
    consumers.flatMap((consumer) => resolutions.map((resolution) => [consumer.source, resolution, consumer] as const)),
  )('are checked in full by %s as %j', (source, [module, moduleResolution], { lib, types }) => {
    if (types.length > 0 && !existsSync(join(app.folder, 'node_modules/@types/node'))) app.link('@types/node')
    if (source.includes('socket-io') && !existsSync(join(app.folder, 'node_modules/socket.io'))) app.link('socket.io')
    const compilerOptions = {
      target: 'es2024',
      lib,
      types,
      module,
      moduleResolution,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      allowImportingTsExtensions: true,
    }
    writeFileSync(join(app.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [source] }))
    expect(app.run(...TSC, '-p', 'tsconfig.json')).toBe('')
  })
})

describe('its entries for front ends', () => {
  const REACT_18 = join(import.meta.dirname, '../react-18/node_modules')
  /** As older apps have it: JSX is calls of React's own function */
  const CLASSIC = `
    import * as React from 'react'
    import type {} from 'deskbell/react'
    export const widget = <deskbell-chat server="/support" theme="dark" />
    // @ts-expect-error: there is no such theme
    export const wrong = <deskbell-chat theme="blue" />`
  const reactTypes = () => join(app.folder, 'node_modules/@types/react')

  function check(source: string, jsx = 'react-jsx'): string {
    const compilerOptions = {
      target: 'es2024',
      lib: ['es2024', 'dom', 'dom.iterable'],
      types: [],
      module: 'esnext',
      moduleResolution: 'bundler',
      jsx,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    }
    writeFileSync(join(app.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [source] }))
    return app.run(...TSC, '-p', 'tsconfig.json')
  }

  beforeAll(() => {
    app.link('react', 'preact', 'vue')
    mkdirSync(dirname(reactTypes()), { recursive: true })
  })

  it.each([
    [18, REACT_18],
    [19, bin('')],
  ])('are checked in full in a React %i app, with JSX of either kind', (_version, modules) => {
    symlinkSync(join(modules, '@types/react'), reactTypes())
    expect(check('consume-react.tsx')).toBe('')
    writeFileSync(join(app.folder, 'classic.tsx'), CLASSIC)
    expect(check('classic.tsx', 'react')).toBe('')
    rmSync(reactTypes())
  })

  it.each(['consume-preact.tsx', 'consume-vue.ts', 'consume-element.ts'])('are checked in full by %s', (source) => {
    expect(check(source)).toBe('')
  })

  it('are modules for clients in React, and can be imported where nothing of a browser is', () => {
    expect(readFileSync(join(app.installed, 'dist/front-ends/react.js'), 'utf8')).toMatch(/^'use client'/)
    const names = runModule(`
      const names = async (entry) => Object.keys(await import('deskbell/' + entry)).toSorted()
      console.log(JSON.stringify([await names('react'), await names('vue'), await names('element')]))`)
    expect(names).toEqual([
      ['MessageComposer', 'MessageList', 'SupportChat', 'listenWith', 'useSupportChat'],
      ['SupportChat', 'listenWith', 'useSupportChat'],
      ['loadWidget'],
    ])
  })
})

/**
 * What `npm install deskbell` downloads of ours, in bytes, with the official clients of real-time services that browsers may load, and the
 * bundled command line (450,000), which has all stores, and the docs (120,000)
 */
const LIMIT = 2_470_000

it('the package is small', () => {
  expect(statSync(packed()).size).toBeLessThan(LIMIT)
})

it('the package ships neither its own tests nor its sources', () => {
  const files = readdirSync(app.installed, { recursive: true, encoding: 'utf8' })
  const odd = files.filter((name) => /\.test\.|(^|\/)src\/|\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
  expect(odd).toEqual([])
  expect(files).toContain('README.md')
})

it('the package has the pages that its README links to', () => {
  const readme = readFileSync(join(app.installed, 'README.md'), 'utf8')
  const pages = new Set([...readme.matchAll(/\]\((docs\/[\w-]+\.md)/g)].map(([, page = '']) => page))
  expect(pages.size).toBeGreaterThan(10)
  expect([...pages].filter((page) => !existsSync(join(app.installed, page)))).toEqual([])
})
