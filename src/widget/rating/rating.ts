// Asks once, after staff archived the chat, how the help was. A chunk of its own, without the panel's library.
import { MAX_RATING_COMMENT, type RatingRequest } from '../../protocol/ratings.ts'
import type { Life } from '../contract.ts'
import { words } from '../locales/rating.en.ts'
import css from './rating.css?inline'

const PATH = 'support_chat/rating'
let sheet: CSSStyleSheet | undefined

/** Which archive somebody was asked about, on this device */
const keyOf = (base: string): string => `deskbell:rated:${base}`

function wasAsked(base: string, about: string): boolean {
  try {
    return localStorage.getItem(keyOf(base)) === about
  } catch {
    return false
  }
}

function markAsked(base: string, about: string): void {
  try {
    localStorage.setItem(keyOf(base), about)
  } catch {
    // They are asked again on the next page
  }
}

/** Of its own: shared with the contact form, it would be a chunk for which both have to wait */
function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const name in attributes) element.setAttribute(name, attributes[name] as string)
  element.append(...children)
  return element
}

/** Puts the question above the text box until it is answered, or the chat is open again */
export async function ask(root: ShadowRoot, { api, conversation }: Life): Promise<void> {
  const { about } = await api.json<RatingRequest>('GET', PATH)
  const box = root.querySelector('.panel-box')
  if (!box || about === null || wasAsked(api.base, about)) return
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)

  const part = el('section', { class: 'rating', 'aria-label': words.title })
  const place = (): void => {
    // Nothing of one person stands in the panel of another
    if (api.session.replaced || !conversation.state.archived) return end()
    if (!part.isConnected) box.querySelector('.db-composer')?.before(part)
  }
  const observer = new MutationObserver(place)
  const stop = conversation.subscribe(place)
  function end(): void {
    observer.disconnect()
    stop()
    part.remove()
  }
  const form = formOf({
    async send(score, comment) {
      // Read, since a page that a network answers in place of the server is no success
      await api.json('POST', PATH, { score, comment })
      markAsked(api.base, about)
      const thanks = el('p', { class: 'rating-thanks', role: 'status', tabindex: '-1' }, words.thanks)
      part.replaceChildren(thanks)
      thanks.focus()
    },
    skip() {
      markAsked(api.base, about)
      end()
      const next = matchMedia('(pointer: coarse)').matches ? '.panel' : 'textarea'
      root.querySelector<HTMLElement>(next)?.focus({ preventScroll: true })
    },
  })
  part.append(form)
  observer.observe(box, { childList: true })
  place()
}

interface Answers {
  send: (score: number, comment: string) => Promise<void>
  skip: () => void
}

function formOf({ send, skip }: Answers): HTMLFormElement {
  const comment = el('input', {
    name: 'comment',
    maxlength: `${MAX_RATING_COMMENT}`,
    dir: 'auto',
    autocomplete: 'off',
    placeholder: words.comment,
    'aria-label': words.comment,
  })
  const more = el('div', { class: 'rating-more', hidden: '' }, comment)
  const wrong = el('p', { class: 'rating-wrong', role: 'alert' })
  const submit = el('button', { type: 'submit', class: 'rating-send', hidden: '' }, words.send)
  const leave = el('button', { type: 'button', class: 'rating-quiet' }, words.skip)
  const faces = words.faces.map(([face, name], at) => {
    const choice = el('input', { type: 'radio', name: 'score', value: `${at + 1}`, class: 'db-vh', 'aria-label': name })
    choice.addEventListener('change', () => {
      more.hidden = submit.hidden = false
    })
    return el('label', { title: name }, choice, el('span', { 'aria-hidden': 'true' }, face))
  })
  const form = el(
    'form',
    {},
    el('p', { class: 'rating-title' }, words.title),
    el('div', { class: 'rating-faces', role: 'radiogroup', 'aria-label': words.title }, ...faces),
    more,
    wrong,
    el('div', { class: 'rating-buttons' }, submit, leave),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const score = Number(new FormData(form).get('score'))
    if (score === 0 || submit.hasAttribute('aria-disabled')) return
    wrong.textContent = ''
    submit.setAttribute('aria-disabled', 'true')
    send(score, comment.value).catch(() => {
      wrong.textContent = words.failed
      submit.removeAttribute('aria-disabled')
    })
  })
  leave.addEventListener('click', skip)
  return form
}
