// The description of the HTTP API: that it is one, that it is whole, and that people can read it.
import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDeskbell } from '../../src/entries/node.ts'
import { SCHEMAS } from '../../src/server/openapi/schemas.ts'
import type { ApiDocument } from '../../src/server/openapi/api-document.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
let document: ApiDocument
beforeAll(async () => {
  desk = await startDesk({ assistant: { answer: () => null, suggest: () => null } })
  document = (await desk.call<ApiDocument>('GET', '/openapi.json')).body
})
afterAll(() => desk.stop())

/** `GET /admin/chats/{id}` */
const inDocument = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...document })
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it('has every route of the app, and nothing else', () => {
    const routes = desk.deskbell.routes
      // Of all methods: what refuses those that a route does not have. `*`: the files of the package
      .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(new Set(inDocument())).toEqual(new Set(routes))
    expect(routes.length).toBeGreaterThan(25)
  })

  it('names each operation and each component once, and refers only to what is there', () => {
    const names = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    const text = JSON.stringify(document)
    const refs = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].map(([, kind, name]) => `${kind} ${name}`),
    )
    const there = Object.entries(document.components).flatMap(([kind, of]) =>
      Object.keys(of).map((name) => `${kind} ${name}`),
    )
    expect([...refs].filter((ref) => !there.includes(ref))).toEqual([])
    const unused = there.filter((name) => !refs.has(name) && !name.startsWith('securitySchemes'))
    expect(unused).toEqual([])
  })

  it('says of every answer and of every parameter what it is', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    const silent = operations.flatMap(({ operationId, summary, responses, parameters }) => {
      const parts = [...Object.values(responses), ...parameters, { description: summary }]
      return parts.some((part) => 'description' in part && part.description === '') ? [operationId] : []
    })
    expect(silent).toEqual([])
  })

  it.each([
    ['the root', 'https://chat.example', undefined],
    ['a path', 'https://app.example/support', '/support'],
    ['a path that a proxy cuts off', 'https://app.example/support', ''],
  ])('of a server at %s says where it is reached', async (_where, publicUrl, path) => {
    const { store } = desk
    const basePath = path === undefined ? {} : { basePath: path }
    const mounted = createDeskbell({ store, secret: SECRET, publicUrl, ...basePath, mailer: { send: async () => {} } })
    const response = await mounted.fetch(new Request(`http://localhost${path ?? ''}/openapi.json`))
    const { servers, paths } = (await response.json()) as ApiDocument
    expect(servers.map(({ url }) => url)).toEqual([publicUrl])
    expect(Object.keys(paths)).toContain('/support_chat')
    await mounted.close()
  })

  it('describes each field as the comment at its type does', () => {
    const source = [
      'types',
      'listening',
      'errors',
      'activity',
      'attachments',
      'canned-replies',
      'push',
      'assistant',
      'webhooks',
      'tags',
      'numbers',
      'ratings',
    ]
      .map((file) => readFileSync(`src/protocol/${file}.ts`, 'utf8'))
      .join('\n')
    const commented: Record<string, Record<string, string>> = {}
    const interfaces = /^export interface (\w+)(?:<.*?>)?(?: extends (\w+))? \{\n(.*?)^\}/gms
    for (const [, name = '', parent = '', body = ''] of source.matchAll(interfaces)) {
      const fields = body.matchAll(/\/\*\*(.*?)\*\/\s*(\w+)\??:/gs)
      const own = Object.fromEntries([...fields].map(([, comment = '', field = '']) => [field, plain(comment)]))
      commented[name] = { ...commented[parent], ...own }
    }
    // One of the kinds of entries, and the union of them, which has no fields of its own
    Object.assign(commented, { SupportNote: commented['ActivityEntry'], SupportActivity: {} })
    const described = Object.fromEntries(
      Object.entries(document.components.schemas).map(([name, { properties = {} }]) => [
        name,
        Object.fromEntries(
          Object.entries(properties).flatMap(([field, { description }]) =>
            description === undefined ? [] : [[field, description]],
          ),
        ),
      ]),
    )
    expect(described).toEqual(Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, commented[name]])))
    expect(commented['SupportMessage']?.['seq']).toBe('Position in its chat: 1..n without gaps, in commit order')
  })
})

describe('the page of the HTTP API', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  const open = async (options: BrowserContextOptions) => {
    const page = await browser.newPage(options)
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(`${desk.url}/openapi`)
    return { page, complaints }
  }
  const unfold = (page: Page) =>
    page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = true))`)

  it('shows every operation and every shape, under the policy of our pages', async () => {
    const { page, complaints } = await open({ viewport: { width: 320, height: 640 } })
    await unfold(page)
    const text = await page.innerText('main')
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    for (const { operationId } of operations) expect(text).toContain(operationId)
    for (const name of Object.keys(document.components.schemas)) expect(text).toContain(name)
    expect(text).not.toMatch(/undefined|\[object/)
    // The styles have come, and nothing is wider than a small phone
    expect(await page.evaluate(`getComputedStyle(document.querySelector('main')).maxWidth`)).toBe('880px')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
    await page.click('a[href="#SupportMessage"] >> nth=0')
    await expect.poll(() => page.evaluate(`document.querySelector(':target')?.id`)).toBe('SupportMessage')
    expect(complaints).toEqual([])
    await page.close()
  })

  it.each(['light', 'dark'] as const)('can be read by everybody, in %s colors', async (colorScheme) => {
    const { page } = await open({ colorScheme, bypassCSP: true })
    // The others look like these, and all of them would take seconds
    await page.evaluate(
      `document.querySelectorAll('details:not(#listChats), article:not(#SupportChat)').forEach((one) => one.remove())`,
    )
    await unfold(page)
    expect(await violations(page)).toEqual([])
    await page.close()
  })
})

/** A comment without its stars */
const plain = (comment: string): string => comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim()
