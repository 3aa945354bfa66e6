// An app of a framework that builds a server, as the documentation shows it: with a route, and in a server of its own.
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Running } from '../support/packed-app.ts'
import { answers, chats, frameworkApp, PATIENCE, unsubscribeAtOneClick, type FrameworkApp } from './framework-app.ts'
import { areInstalled } from './frameworks.ts'
import { installed } from './install.ts'

export interface Builder {
  /** Of test/hosts, which lists the packages */
  folder: string
  /** What the documentation shows */
  route: string
  server: string
  /** What an app has besides */
  files: Record<string, string>
  /** What builds it, and what then serves it */
  build: string[]
  start: string[]
  /** What differs where the chat is in a server of its own */
  inServer?: { files?: Record<string, string>; env?: Record<string, string> }
  /** Its check of where forms come from keeps those of mail programs from a route */
  refusesForms?: true
}

export async function describeBuilder(builder: Builder): Promise<void> {
  const listed = join(import.meta.dirname, builder.folder)
  const packages = await installed(listed)
  const isInstalled = areInstalled(packages, listed)

  describe.skipIf(!isInstalled)(`an app of ${builder.folder} as the documentation shows it`, () => {
    let app: FrameworkApp
    let own: Running | undefined
    const build = ([program = '', ...args]: string[], env: Record<string, string> = {}) => {
      process.env = { ...process.env, ...env }
      return app.run(program, ...args)
    }

    beforeAll(async () => {
      app = await frameworkApp(packages)
      app.write(builder.route)
      app.write(builder.server)
      for (const [file, code] of Object.entries(builder.files)) app.write(file, code)
    })
    afterEach(() => own?.stop())
    afterAll(() => app?.remove())

    it('is built, and serves the chat by a route', { timeout: PATIENCE }, async () => {
      build(builder.build)
      own = await app.serve(builder.start)
      await answers(app.url, 'no sockets')
      expect(await unsubscribeAtOneClick(app.url)).toBe(builder.refusesForms ? 403 : 401)
      await chats(app.url)
    })

    it(
      'opens sockets in a server of its own, which takes the forms of mail programs',
      { timeout: PATIENCE },
      async () => {
        const { files = {}, env } = builder.inServer ?? {}
        for (const [file, code] of Object.entries(files)) app.write(file, code)
        if (builder.inServer) build(builder.build, env)
        own = await app.serve([builder.server])
        await answers(app.url, 'sockets')
        expect(await unsubscribeAtOneClick(app.url)).toBe(401)
        await chats(app.url)
      },
    )
  })
}
