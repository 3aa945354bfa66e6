// The OpenAPI document as a page, for people. It has no script: what it shows was rendered once.
import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { api as words } from '../locales/api.en.ts'
import type { Answer, ApiDocument, Operation, Parameter, Ref, Schema } from './api-document.ts'

const say = words.page

type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** The parts of Markdown that our texts use: `code` and **bold** */
function inline(text: string): Html[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`
    return part.startsWith('**') ? html`<strong>${part.slice(2, -2)}</strong>` : html`${part}`
  })
}

const nameIn = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1)

/** `list of SupportMessage or null` */
function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) {
    const name = nameIn(schema.$ref)
    return html`<a href="#${name}">${name}</a>`
  }
  if (schema['enum'] !== undefined)
    return html`${either((schema['enum'] as string[]).map((value) => JSON.stringify(value)))}`
  const options = (schema['anyOf'] ?? schema['allOf']) as Schema[] | undefined
  if (options) return html`${either(options.map(typeOf))}`
  if (schema.type === 'array') return html`${say.listOf} ${typeOf(schema['items'] as Schema)}`
  return html`${either([schema.type ?? 'string'].flat())}${schema.format === undefined ? '' : html` (${schema.format})`}`
}

const either = (options: (string | Html)[]): Html[] =>
  options.map((option, i) => (i === 0 ? html`${option}` : html` ${say.or} ${option}`))

const LIMITS = ['default', 'minimum', 'maximum', 'minLength', 'maxLength'] as const

const shown = (value: unknown): string =>
  typeof value === 'number' ? value.toLocaleString(say.locale) : JSON.stringify(value)

/** `default 50, at least 1, at most 1000` */
const limitsOf = (schema: Schema): string =>
  LIMITS.filter((name) => schema[name] !== undefined && schema[name] !== Number.MAX_SAFE_INTEGER)
    .map((name) => say.limits[name](shown(schema[name])))
    .join(', ')

function field(name: string, schema: Schema, note: string, description = schema.description ?? ''): Html {
  const details = [note, limitsOf(schema)].filter(Boolean).join(', ')
  return html`<dt>
      <code>${name}</code> <span class="type">${typeOf(schema)}</span> <span class="note">${details}</span>
    </dt>
    <dd>${inline(description)}</dd>`
}

function fields({ properties = {}, required = [] }: Schema, isRequest: boolean): Html {
  const note = (name: string) =>
    required.includes(name) === isRequest ? (isRequest ? say.required : say.optional) : ''
  return html`<dl>${Object.entries(properties).map(([name, schema]) => field(name, schema, note(name)))}</dl>`
}

const section = (title: string, content: Html | Html[]): Html =>
  html`<h3>${title}</h3>
    ${content}`

/** @throws Error when the reference leads nowhere */
function follow<T extends object>(target: T | Ref, components: Record<string, T>): T {
  if (!('$ref' in target)) return target
  const found = components[nameIn((target as Ref).$ref)]
  if (!found) throw new Error(`Nothing is at ${(target as Ref).$ref}`)
  return found
}

function operation(method: string, path: string, operation: Operation, { components }: ApiDocument): Html {
  const { operationId, summary, parameters, requestBody, responses, security } = operation
  const roles = Object.values(security[0] ?? {}).flat()
  const own = parameters.filter((parameter): parameter is Parameter => 'name' in parameter)
  const [bodySchema] = Object.values(requestBody?.content ?? {})
  const all = Object.entries(responses).map(
    ([status, answer]) => [status, follow(answer, components.responses)] as const,
  )
  const isProblem = (answer: Answer) => 'application/problem+json' in (answer.content ?? {})
  const answers = all.filter(([, answer]) => !isProblem(answer))
  const problems = all.filter(([, answer]) => isProblem(answer))
  return html`<details id="${operationId}">
    <summary>
      <span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code>
      <span class="summary">${inline(summary)}</span>
    </summary>
    <div class="operation">
      <p class="note">
        <code>${operationId}</code
        >${roles.length === 0 ? '' : html` · ${say.for} ${either(roles.map((role) => say.roles[role] ?? role))}`}
      </p>
      ${
        own.length === 0
          ? ''
          : section(
              say.parameters,
              html`<dl>
                ${own.map(({ name, schema, required, description }) =>
                  field(name, schema, required ? say.required : '', description),
                )}
              </dl>`,
            )
      }
      ${bodySchema ? section(say.body, fields(bodySchema.schema, true)) : ''}
      ${section(
        say.answers,
        html`<dl>
          ${answers.map(([status, { description, content = {} }]) => {
            const [[type, body] = []] = Object.entries(content)
            const shape = type === 'application/json' && body ? typeOf(body.schema) : Object.keys(content).join(', ')
            return html`<dt><code>${status}</code> <span class="type">${shape}</span></dt>
              <dd>${inline(description)}</dd>`
          })}
        </dl>`,
      )}
      ${section(
        say.problems,
        html`<dl class="problems">
          ${problems.map(
            ([status, { description }]) =>
              html`<dt><code>${status}</code></dt>
                <dd>${inline(description)}</dd>`,
          )}
        </dl>`,
      )}
    </div>
  </details>`
}

export function apiPage(document: ApiDocument): Html {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ method, path, described })),
  )
  const { title, description } = document.info
  return html`<!doctype html>
    <html lang="${say.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${say.title(title)}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="pages.css" />
        <link rel="stylesheet" href="openapi.css" />
      </head>
      <body>
        <main>
          <header>
            <h1>${say.title(title)}</h1>
            <a class="button" href="openapi.json">${say.document}</a>
          </header>
          <p class="server"><code>${document.servers[0]?.url ?? ''}</code></p>
          ${description.split('\n\n').map((paragraph) => html`<p>${inline(paragraph)}</p>`)}
          ${document.tags.map(
            (tag) =>
              html`<section>
                <h2>${tag.description}</h2>
                ${operations
                  .filter(({ described }) => described.tags.includes(tag.name))
                  .map(({ method, path, described }) => operation(method, path, described, document))}
              </section>`,
          )}
          <section>
            <h2>${say.schemas}</h2>
            ${Object.entries(document.components.schemas).map(
              ([name, schema]) =>
                html`<article id="${name}">
                  <h3>${name}</h3>
                  ${fields(schema, false)}
                </article>`,
            )}
          </section>
        </main>
      </body>
    </html>`
}
