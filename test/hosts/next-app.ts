// A Next.js app as the documentation shows it: built and started with a route, and in a server of its own.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/desk.ts'
import type { Running } from '../support/packed-app.ts'
import { TestSocket } from '../support/socket.ts'
import { connectBrowser, openContext, openPage } from './browser.ts'
import { answers, chats, frameworkApp, PATIENCE, unsubscribeAtOneClick, type FrameworkApp } from './framework-app.ts'
import { areInstalled } from './frameworks.ts'
import { installed } from './install.ts'

const CLI = 'node_modules/next/dist/bin/next'

/**
 * @param folder of test/hosts, which lists the packages
 * @param hotReloading the path of Next's own WebSockets in development
 */
export async function describeNext(folder: string, hotReloading: string): Promise<void> {
  const listed = join(import.meta.dirname, folder)
  const packages = await installed(listed)
  const isInstalled = areInstalled(packages, listed)

  describe.skipIf(!isInstalled)(`an app of ${folder} as the documentation shows it`, () => {
    let app: FrameworkApp
    let own: Running | undefined
    const env = { NEXT_TELEMETRY_DISABLED: '1' }

    beforeAll(async () => {
      app = await frameworkApp(packages)
      // Both kinds of start come of one build
      app.write('next.config.ts', app.shown('next.config.ts').replace('{\n', "{\n  output: 'standalone',\n"))
      for (const file of ['app/support/[[...path]]/route.ts', 'server.js']) app.write(file)
      const script = '<script src="/support/widget.js" async />'
      app.write(
        'app/layout.tsx',
        `import type { ReactNode } from 'react'
         export default function Layout({ children }: { children: ReactNode }) {
           return <html lang="en"><body>{children}${script}</body></html>
         }`,
      )
      // A server component, and one for clients
      app.write(
        'app/page.tsx',
        `import { SupportChat } from 'deskbell/react'
         import { Unread } from './unread'
         export default function Page() {
           return <main><h1>A page</h1><Unread /><SupportChat heading="From a server component" /></main>
         }`,
      )
      app.write(
        'app/unread.tsx',
        `'use client'
         import { useSupportChat } from 'deskbell/react'
         export function Unread() {
           const { status, unreadCount } = useSupportChat()
           return <p id="unread">{status} {unreadCount}</p>
         }`,
      )
      // As create-next-app writes it
      const compilerOptions = { strict: true, skipLibCheck: true, module: 'esnext', moduleResolution: 'bundler' }
      const include = ['app', 'lib', 'next.config.ts', 'next-env.d.ts', '.next/types/**/*.ts']
      app.write('tsconfig.json', JSON.stringify({ compilerOptions, include }))
    })
    afterEach(() => own?.stop())
    afterAll(() => app?.remove())

    it('is built, which starts no chat, and then serves one by a route', { timeout: PATIENCE }, async () => {
      app.run(CLI, 'build')
      expect(existsSync(join(app.folder, 'deskbell.db'))).toBe(false)
      own = await app.serve([CLI, 'start', '-p', new URL(app.url).port], env)
      await answers(app.url, 'no sockets')
      expect(await unsubscribeAtOneClick(app.url)).toBe(401)
      await chats(app.url)
      const browser = await connectBrowser()
      const page = await openPage(await openContext(browser))
      await page.goto(app.url)
      await page.getByText(/^signed_out 0$/).waitFor()
      await page.getByRole('button', { name: /^Open support chat/ }).click()
      await page.getByText('From a server component').waitFor()
      await browser.close()
    })

    it('knows which files of ours it needs where it runs without the rest', { timeout: PATIENCE }, async () => {
      own = await app.serve(['.next/standalone/server.js'], { ...env, HOSTNAME: '127.0.0.1' })
      await answers(app.url, 'no sockets')
    })

    it('opens sockets in a server of its own, beside those of hot reloading', { timeout: PATIENCE }, async () => {
      rmSync(join(app.folder, 'app/support'), { recursive: true })
      app.write('next.config.ts')
      own = await app.serve(['server.js'], { ...env, NODE_ENV: 'development' })
      expect((await fetch(`${app.url}/`)).status).toBe(200)
      const hot = await TestSocket.open(`${app.url.replace('http', 'ws')}${hotReloading}`)
      await until(() => hot.frames.length > 0)
      await answers(app.url, 'sockets')
      expect(hot.closed).toBeUndefined()
      hot.close()
    })
  })
}
