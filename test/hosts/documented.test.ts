// Apps as the documentation shows them, each run as it stands there, and what TypeScript says of them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { installInEmptyApp, type App } from '../support/packed-app.ts'
import { SECRET, userToken } from '../support/server-process.ts'
import { TestSocket, V1 } from '../support/socket.ts'
import { isInstalled } from './frameworks.ts'
import { installed } from './install.ts'
import { freePort } from '../support/ports.ts'

const guide = namedCodeOf('docs/mounting.md')
const documented = ['express', 'fastify', 'hono', 'nest', 'node', 'web'].map(
  (name) => [name, guide.get(name) ?? ''] as const,
)

let app: App
beforeAll(async () => {
  app = installInEmptyApp()
  app.add(await installed(import.meta.dirname))
})
afterAll(() => app?.remove())

describe.skipIf(!isInstalled)('an app as the documentation shows it', () => {
  beforeAll(() => {
    writeFileSync(join(app.folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(app.folder, 'support.js'), guide.get('support.js') ?? '')
    writeFileSync(
      join(app.folder, 'app.module.js'),
      `import 'reflect-metadata'
       import { Module } from '@nestjs/common'
       export class AppModule {}
       Module({})(AppModule)`,
    )
  })

  it.each(documented)('%s', async (name, code) => {
    const port = await freePort()
    writeFileSync(join(app.folder, 'own-app.js'), code.replaceAll('3000', String(port)))
    const own = app.start(['own-app.js'], { DESKBELL_SECRET: SECRET })
    try {
      const url = `http://127.0.0.1:${port}/support`
      const headers = { authorization: `Bearer ${await userToken('ada')}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ content: name })
      await until(() => fetch(`${url}/widget.js`).then(({ ok }) => ok, own.failed))
      expect((await fetch(`${url}/support_chat/messages`, { method: 'POST', headers, body })).status).toBe(201)
      if (name !== 'web') {
        const socket = await TestSocket.open(`${url.replace('http', 'ws')}/cable?jid=${await userToken('ada')}`, [V1])
        socket.close()
      }
    } finally {
      await own.stop()
    }
  })
})

it.skipIf(!isInstalled)("its types fit those of the hosts' frameworks", () => {
  writeFileSync(
    join(app.folder, 'typed-app.ts'),
    `import express from 'express'
     import Fastify from 'fastify'
     import { Hono } from 'hono'
     import { createServer } from 'node:http'
     import { createSecureServer } from 'node:http2'
     import { NestFactory } from '@nestjs/core'
     import type { Deskbell } from 'deskbell'
     declare const deskbell: Deskbell
     express().use('/support', deskbell.listener).use(deskbell.listener).listen(3000).on('upgrade', deskbell.upgrade)
     Fastify().register(deskbell.fastify, { prefix: '/support' })
     Fastify({ http2: true }).register(deskbell.fastify)
     new Hono().all('/support/*', (c) => deskbell.fetch(c.req.raw, c.env)).mount('/support', deskbell.fetch)
     createServer(deskbell.listener).on('upgrade', deskbell.upgrade)
     createSecureServer(deskbell.listener)
     const nest = await NestFactory.create(class {})
     nest.use('/support', deskbell.listener)
     nest.getHttpServer().on('upgrade', deskbell.upgrade)
     export const GET: (request: Request, context: { params: Promise<object> }) => Promise<Response> = deskbell.fetch
     export const worker: { fetch: (request: Request, env: unknown) => Promise<Response> } = deskbell`,
  )
  const compilerOptions = {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  }
  writeFileSync(join(app.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed-app.ts'] }))
  const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
  expect(app.run(tsc, '-p', 'tsconfig.json')).toBe('')
})
