// From `npm install` in an empty folder to a chat in which people are signed in as themselves, by what the README and docs/mounting.md say and nothing else.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { until } from '../support/desk.ts'
import { namedCodeOf, pageOf } from '../support/documented-code.ts'
import { packed } from '../support/packed.ts'
import { startIn, type Running } from '../support/packed-app.ts'
import { connectBrowser, openPage } from './browser.ts'
import { converse } from './conversation.ts'
import { PATIENCE } from './framework-app.ts'
import { isInstalled } from './frameworks.ts'
import { freePort } from '../support/ports.ts'

interface Way {
  page: string
  /** In the page, before the command that installs */
  heading: string
  /** By their names in the page: the files of the app */
  files: Record<string, string>
  /** As the page says it. @param url of the app */
  become: (visit: Page, url: string, who: string) => Promise<unknown>
}

const GUIDE = 'docs/mounting.md'
const inConsole = /`(document\.cookie = .*?)`/.exec(pageOf(GUIDE))?.[1] ?? ''

const inGuide = (framework: string, heading: string): [string, Way] => [
  framework,
  {
    page: GUIDE,
    heading,
    files: { 'support.js': 'support.js', 'app.js': framework },
    async become(visit, url, who) {
      await visit.goto(url)
      await visit.evaluate(inConsole.replace('ada', who))
    },
  },
]

const WAYS: [string, Way][] = [
  [
    'README.md',
    {
      page: 'README.md',
      heading: '## Or mount it in your own server',
      files: { 'app.js': 'app.js' },
      become: (visit, url, who) => visit.goto(`${url}/as/${who}`),
    },
  ],
  inGuide('fastify', '## Fastify'),
  inGuide('hono', '## Hono'),
]

let folder: string
let running: Running | undefined
afterEach(async () => {
  await running?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it.skipIf(!isInstalled).each(WAYS)(
  '%s leads from an empty folder to a chat, without a warning',
  async (_name, { page, heading, files, become }) => {
    const text = pageOf(page)
    const shown = (pattern: RegExp): string => pattern.exec(text.slice(text.indexOf(heading)))?.[1] ?? ''
    folder = mkdtempSync(join(tmpdir(), 'deskbell-walk-'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    // Whatever npm has to say, as people see it who have set nothing
    const install = shown(/`npm (install deskbell .+?)`/).replace('deskbell', packed())
    const options = '--loglevel=warn --no-audit --no-fund --prefer-offline'
    const said = execFileSync('sh', ['-c', `npm ${options} ${install} 2>&1`], { cwd: folder, encoding: 'utf8' })
    expect(said.trim()).toMatch(/^added \d+ packages[^\n]*$/)

    const port = await freePort()
    const code = namedCodeOf(page)
    for (const [file, name] of Object.entries(files))
      writeFileSync(join(folder, file), code.get(name)?.replaceAll('3000', String(port)) ?? '')
    const start = /`(DESKBELL_SECRET=.* node app\.js)`/.exec(text)?.[1] ?? ''
    running = startIn(folder, 'sh', ['-c', start], {})
    const url = `http://localhost:${port}`
    await until(() => fetch(url).then(({ ok }) => ok, running?.failed))

    const browser = await connectBrowser()
    await converse(browser, {
      page: url,
      dashboard: `${url}/support/dashboard`,
      async signIn(context, who) {
        const visit = await openPage(context)
        await become(visit, url, who)
      },
    })
    await browser.close()
  },
  PATIENCE,
)
