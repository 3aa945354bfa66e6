// Whatever people read comes from a catalogue, one file per language, that is handed in where the thing is composed.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { account } from '../src/dashboard/locales/account.en.ts'
import { notifications } from '../src/dashboard/locales/notifications.en.ts'
import { numbers } from '../src/dashboard/locales/numbers.en.ts'
import { palette } from '../src/dashboard/locales/palette.en.ts'
import { selection } from '../src/dashboard/locales/selection.en.ts'
import { team } from '../src/dashboard/locales/team.en.ts'
import { dashboard } from '../src/dashboard/locales/en.ts'
import { replies } from '../src/dashboard/locales/replies.en.ts'
import { webhooks } from '../src/dashboard/locales/webhooks.en.ts'
import { api } from '../src/server/locales/api.en.ts'
import { server } from '../src/server/locales/en.ts'
import { accounts } from '../src/standalone/locales/accounts.en.ts'
import { standalone } from '../src/standalone/locales/en.ts'
import { words as launcher } from '../src/widget/locales/launcher.en.ts'
import { words as assistant } from '../src/widget/locales/assistant.en.ts'
import { words as rating } from '../src/widget/locales/rating.en.ts'
import { words as panel } from '../src/widget/locales/panel.en.ts'

const ROOT = resolve(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')

/** The sources below a folder that may show something */
const below = (folder: string): string[] =>
  readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|\.d\.ts$|^locales/.test(file))
    .map((file) => join(folder, file))

const SETS: [name: string, catalogue: object, views: string[]][] = [
  ['launcher', launcher, ['widget/launcher.ts', 'widget/element.ts', 'widget/widget.ts']],
  ['assistant', assistant, below('widget/assistant')],
  ['rating', rating, below('widget/rating')],
  ['panel', panel, [...below('ui'), ...below('widget')]],
  ['team page', team, below('dashboard/pages/team')],
  ['account page', account, below('dashboard/pages/account')],
  ['canned replies', replies, [...below('dashboard/pages/replies'), 'dashboard/views/reply-picker.tsx']],
  ['page of webhooks', webhooks, below('dashboard/pages/webhooks')],
  ['page of notifications', notifications, below('dashboard/pages/notifications')],
  ['page of numbers', numbers, below('dashboard/pages/numbers')],
  ['palette', palette, below('dashboard/palette')],
  ['selected chats', selection, below('dashboard/selection')],
  ['dashboard', dashboard, [...below('dashboard'), ...below('ui')]],
  [
    'server',
    server,
    [
      ...['letter', 'mail-composer', 'mail-html', 'mail-text', 'unsubscribe'].map(
        (name) => `server/notifications/${name}.ts`,
      ),
      ...below('server/mail-replies'),
      ...['error-page', 'page', 'public-routes'].map((name) => `server/http/${name}.ts`),
    ],
  ],
  ['description of the HTTP API', api, ['server/openapi/page.ts', 'server/openapi/document.ts']],
  ['accounts', accounts, below('standalone/accounts')],
  [
    'standalone',
    standalone,
    ['sign-in.ts', 'mailbox-page.ts', 'mailbox-preview.ts', 'demo/page.ts'].map((file) => `standalone/${file}`),
  ],
]

interface Node {
  type: string
  [key: string]: unknown
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** A node and everything in it */
function* walk(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) yield* walk(child)
}
function parse(name: string, source: string): Node[] {
  const { program, errors } = parseSync(name, source)
  if (errors.length > 0) throw new Error(`${name}: ${errors[0]?.message}`)
  return [...walk(program as unknown as Node)]
}
const parseFile = (file: string): Node[] => parse(file, readFileSync(join(SRC, file), 'utf8'))

// --- what the views take from the catalogue ----------------------------------------------------------------------

/** The leftmost name of `words.mail.subject` */
function root(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'MemberExpression') return root(node['object'])
  return node.type === 'Identifier' ? (node['name'] as string) : undefined
}
const nameOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : undefined

/** The keys that are taken from `words` or `say`, or by a pattern; of a group that is asked by a variable key, `group.*` */
function taken(nodes: Node[]): Set<string> {
  const keys = new Set<string>()
  for (const node of nodes) {
    if (node.type === 'MemberExpression' && ['words', 'say'].includes(root(node) ?? '')) {
      const name = nameOf(node['property'])
      if (node['computed'] !== true) keys.add(name ?? '')
      else if (isNode(node['object'])) keys.add(`${nameOf(node['object']['property'])}.*`)
    } else if (node.type === 'ObjectPattern')
      for (const property of node['properties'] as Node[]) keys.add(nameOf(property['key']) ?? '')
  }
  return keys
}

function unused(catalogue: object, keys: Set<string>): string[] {
  return Object.entries(catalogue).flatMap(([key, value]: [string, unknown]) => {
    // The catalogue's own plurals may be all that needs it
    if (key === 'locale') return []
    if (!keys.has(key)) return [key]
    if (typeof value !== 'object' || value === null || Array.isArray(value) || keys.has(`${key}.*`)) return []
    return unused(value, keys).map((name) => `${key}.${name}`)
  })
}

// --- what the views say by themselves ----------------------------------------------------------------------------

const READ =
  /^(aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt|label|textContent)$/
/** Shown by the demo as they are: the name of the made-up product, and what stands in a `pre` */
const NAMES = /\bFernwell\b/g

const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text.replace(NAMES, ''))

/** The literal texts that an expression may have as its value */
function texts(node: unknown): string[] {
  if (!isNode(node)) return []
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : []
  if (node.type === 'TemplateLiteral')
    return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked)
  if (node.type === 'ConditionalExpression') return [...texts(node['consequent']), ...texts(node['alternate'])]
  if (node.type === 'LogicalExpression' || node.type === 'BinaryExpression')
    return node['operator'] === '===' || node['operator'] === '!=='
      ? []
      : [...texts(node['left']), ...texts(node['right'])]
  if (node.type === 'JSXExpressionContainer') return texts(node['expression'])
  return []
}

function htmlTexts(template: string): string[] {
  const attributes = [...template.matchAll(/\b([\w-]+)="([^"]*)"/g)]
  const shown = attributes
    .filter(([, name = '']) => READ.test(name.replace(/^data-/, '')))
    .map(([, , value = '']) => value)
  return [...shown, template.replace(/<pre.*?<\/pre>/gs, '').replace(/<[^>]*>|&\w+;/g, ' ')]
}

/** What people would read, and no catalogue has */
function literals(nodes: Node[]): string[] {
  const found = nodes.flatMap((node): string[] => {
    const { type } = node
    if (type === 'JSXText') return [node['value'] as string]
    if (type === 'JSXElement' || type === 'JSXFragment')
      return (node['children'] as Node[]).filter((child) => child.type === 'JSXExpressionContainer').flatMap(texts)
    if (type === 'JSXAttribute') return READ.test(String((node['name'] as Node)['name'])) ? texts(node['value']) : []
    if (type === 'Property') {
      const key = node['key'] as Node
      return READ.test(String(key['name'] ?? key['value'])) ? texts(node['value']) : []
    }
    if (type === 'AssignmentExpression') {
      const left = node['left'] as Node
      return left.type === 'MemberExpression' && READ.test(nameOf(left['property']) ?? '') ? texts(node['right']) : []
    }
    if (type === 'CallExpression') {
      const [first, second, ...rest] = node['arguments'] as Node[]
      const callee = node['callee'] as Node
      if (nameOf(callee) === 'el') return rest.flatMap(texts)
      const isSet = nameOf(callee['property']) === 'setAttribute' && READ.test(texts(first)[0] ?? '')
      return isSet ? texts(second) : []
    }
    if (type === 'TaggedTemplateExpression' && nameOf(node['tag']) === 'html')
      return htmlTexts(texts(node['quasi']).join('${}'))
    return []
  })
  return found.filter(hasWords).map((text) => text.trim())
}

// --- what must hold ----------------------------------------------------------------------------------------------

describe.each(SETS)('the catalogue of the %s', (_name, catalogue, views) => {
  const files = views.map((file) => ({ file, nodes: parseFile(file) }))

  it('has no key that nothing uses', () => {
    expect(unused(catalogue, taken(files.flatMap(({ nodes }) => nodes)))).toEqual([])
  })

  it('has every word that its views show', () => {
    const found = files.flatMap(({ file, nodes }) => literals(nodes).map((text) => `src/${file}: ${text}`))
    expect(found).toEqual([])
  })
})

it('would notice words in a view', () => {
  const source = `
    const A = () => <p>One</p>
    const B = () => <p title="Two" class="not-read">{busy ? 'Three' : words.idle}{\`Four \${n}\`}</p>
    const C = el('b', { 'aria-label': 'Five' }, 'Six')
    button.setAttribute('aria-label', 'Seven')
    document.title = 'Eight'
    const D = html\`<p lang="\${locale}" style="margin:0" title="Nine">Ten \${name}</p>\``
  const found = literals(parse('a.tsx', source)).join(' ')
  const numbers = ['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten']
  expect(numbers.filter((word) => !found.includes(word))).toEqual([])
  expect(found).not.toMatch(/not-read|margin|idle/)
})

it('would notice a key that nothing uses', () => {
  const source = `const A = ({ words }) => <p title={words.title}>{words.states[state]}{words.mail.intro}{other.stray}</p>`
  const catalogue = { title: '', states: { on: '', off: '' }, mail: { intro: '', outro: '' }, stray: '' }
  expect(unused(catalogue, taken(parse('a.tsx', source)))).toEqual(['mail.outro', 'stray'])
})

// --- what a language costs ---------------------------------------------------------------------------------------

/** The texts of a catalogue that need no number or name */
function sentences(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(sentences)
}

/** Builds a browser entry as the package does, with `file` replaced by an empty catalogue */
async function buildWithout(file: string, input: string): Promise<string> {
  const output = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'silent',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    plugins: [{ name: 'other-language', load: (id) => (id.endsWith(file) ? 'export const words = {}' : undefined) }],
    build: { write: false, target: 'es2022', rolldownOptions: { input, preserveEntrySignatures: 'strict' } },
  })
  const [result] = [output].flat()
  if (!result || !('output' in result)) throw new Error('Nothing was built')
  return result.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n')
}

const LONG = 12
const english = sentences(panel).filter((text) => text.length >= LONG)

it('lets another language take the place of English in the panel, which then has none of it', async () => {
  expect(english.length).toBeGreaterThan(10)
  const code = await buildWithout('widget/locales/panel.en.ts', 'src/widget/panel-session.tsx')
  expect(code).toContain('db-composer')
  expect(english.filter((text) => code.includes(text))).toEqual([])
})

it('keeps the words of the panel out of the launcher', () => {
  const code = readFileSync(join(ROOT, 'dist', 'widget', 'widget.js'), 'utf8')
  expect(code).toContain(launcher.open)
  const own = sentences(launcher)
  expect(english.filter((text) => !own.includes(text) && code.includes(text))).toEqual([])
})
