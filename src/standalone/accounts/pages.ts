// The pages of signing in. They are forms without a script, so they work in every browser and with every password manager.
import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { PAGE_CSP } from '../../server/http/page.ts'
import type { AccountsCatalogue } from './catalogue.ts'
import { MIN_PASSWORD } from './passwords.ts'

type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export const ACCOUNTS_CSS = `
.form { display: grid; gap: 16px; margin-top: 24px; }
.form label { display: block; margin-bottom: 6px; font-weight: 600; }
.form input { font: inherit; font-weight: 400; color: inherit; width: 100%; min-height: 44px; padding: 8px 12px; background: var(--page);
  border: 1px solid color-mix(in oklab, var(--muted), var(--line)); border-radius: 8px; }
.form input:focus-visible { outline-offset: 0; }
.form input[readonly] { background: none; color: var(--muted); }
.form small { display: block; font-size: 13px; line-height: 20px; color: var(--muted); margin-top: 6px; }
.form button { display: block; width: 100%; min-height: 44px; text-align: center; padding: 10px 16px; }
.or { display: flex; align-items: center; gap: 12px; margin: 20px 0; color: var(--muted); font-size: 13px; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.wide { display: block; min-height: 44px; padding: 10px 16px; margin-top: 24px; text-align: center; overflow-wrap: anywhere; }
.or + .wide { margin-top: 0; }
.second { border-color: color-mix(in oklab, var(--muted), var(--line)); background: none; color: var(--text); }
.code { font-variant-numeric: tabular-nums; letter-spacing: 0.12em; }
.problem { margin: 16px 0 0; padding: 10px 14px; border-radius: 8px; font-weight: 600;
  background: color-mix(in oklab, oklch(0.55 0.2 27) 12%, var(--card)); color: light-dark(oklch(0.42 0.15 27), oklch(0.85 0.09 27)); }
.told { margin: 16px 0 0; padding: 10px 14px; border-radius: 8px; background: color-mix(in oklab, var(--accent) 12%, var(--card)); }
.foot { margin: 20px 0 0; text-align: center; }
@media (max-width: 480px) { .narrow main { padding: 24px 20px; } .narrow { padding-top: 5vh; } }
@media (forced-colors: active) { .form button, .wide, .problem, .told { border: 1px solid; } }
`

/** The address may hold a token, which other sites must not learn. `no-referrer` would take the Origin from forms, which is checked */
export const PAGE_HEADERS = { ...PAGE_CSP, 'referrer-policy': 'same-origin' }

export interface Field {
  name: string
  label: string
  type: 'email' | 'password' | 'text'
  /** `autocomplete` */
  fills: string
  value?: string | undefined
  hint?: string
  isFixed?: boolean
  mayBeEmpty?: boolean
  isCode?: boolean
}

export interface Form {
  words: AccountsCatalogue
  title: string
  intro?: string | undefined
  /** What went wrong, or what was done */
  problem?: string | undefined
  told?: string | undefined
  /** Without a button there is no form */
  fields?: Field[] | undefined
  submit?: string | undefined
  /** The way by an OpenID provider */
  provider?: Link | null | undefined
  foot?: Html | undefined
}

interface Link {
  href: string
  text: string
}

const fieldOf = (field: Field, hasFocus: boolean) =>
  html`<div>
    <label for="${field.name}">${field.label}</label>
    <input
      id="${field.name}"
      name="${field.name}"
      type="${field.type}"
      value="${field.value ?? ''}"
      autocomplete="${field.fills}"
      class="${field.isCode ? 'code' : ''}"
      autocapitalize="${field.isCode ? 'none' : 'sentences'}"
      spellcheck="${field.isCode ? 'false' : 'true'}"
      ${field.isFixed ? 'readonly' : ''}
      ${field.mayBeEmpty || field.isFixed ? '' : 'required'}
      ${hasFocus ? 'autofocus' : ''}
      aria-describedby="${field.hint ? `${field.name}-hint` : ''}"
    />${field.hint ? html`<small id="${field.name}-hint">${field.hint}</small>` : ''}
  </div>`

export const newPassword = (words: AccountsCatalogue, label: string): Field => ({
  name: 'password',
  label,
  type: 'password',
  fills: 'new-password',
  hint: words.passwordHint(MIN_PASSWORD),
})

/** A page with one form, which posts to its own address */
export function formPage({ words, title, intro, problem, told, fields = [], submit, provider, foot }: Form) {
  const first = fields.findIndex(({ isFixed, value }) => !isFixed && !value)
  return page(
    words,
    title,
    html`${intro ? html`<p>${intro}</p>` : ''} ${told ? html`<p class="told" role="status">${told}</p>` : ''}
    ${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
    ${
      submit
        ? html`<form class="form" method="post">
            ${fields.map((field, i) => fieldOf(field, i === first))}
            <button>${submit}</button>
          </form>`
        : ''
    }
    ${foot ? html`<p class="foot">${foot}</p>` : ''} ${provider && submit ? html`<p class="or">${words.or}</p>` : ''}
    ${provider ? html`<a class="button wide${submit ? ' second' : ''}" href="${provider.href}">${provider.text}</a>` : ''}`,
  )
}

export const pageLink = (href: string, text: string) => html`<a href="${href}">${text}</a>`

export interface Says {
  title: string
  text: string
  link: Link
  foot?: Html
}

/** A page that says one thing and leads on */
export const saysPage = (words: AccountsCatalogue, { title, text, link, foot }: Says) =>
  page(
    words,
    title,
    html`<p>${text}</p>
      <div class="actions"><a class="button" href="${link.href}">${link.text}</a></div>
      ${foot ? html`<p class="foot">${foot}</p>` : ''}`,
  )

const page = (words: AccountsCatalogue, title: string, body: Html) =>
  html`<!doctype html>
    <html lang="${words.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="../pages.css" />
        <link rel="stylesheet" href="accounts.css" />
      </head>
      <body class="narrow">
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
