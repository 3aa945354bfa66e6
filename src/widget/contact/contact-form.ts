// Asks somebody without an account, once and below their first message, for a name and an e-mail address. A chunk of its own, without the
// panel's library.
import { isEmailAddress } from '../../protocol/email-address.ts'
import type { VisitorContact } from '../../protocol/types.ts'
import type { Life } from '../contract.ts'
import { el } from '../dom.ts'
import { words } from '../locales/contact.en.ts'
import { isAsked, markAsked } from './asked.ts'
import css from './contact.css?inline'

const PATH = 'support_chat/contact'
const WRONG = 'deskbell-wrong'
let sheet: CSSStyleSheet | undefined

/** @returns what stands above the text box. It is empty where there is nothing to say */
export async function contactForm(root: ShadowRoot, { api }: Life): Promise<HTMLElement> {
  let contact = await api.json<VisitorContact>('GET', PATH)
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  /** What a screen reader says of a change */
  const said = el('p', { class: 'db-vh', role: 'status' })
  const part = el('section', { class: 'contact', 'aria-label': words.title }, said)
  const isGiven = (): boolean => contact.email !== '' || contact.name !== null

  function show(content: HTMLElement | null, news: string): void {
    part.replaceChildren(...(content ? [content] : []), said)
    part.hidden = !content
    said.textContent = news
  }

  function showGiven(news: string, holdsFocus: boolean): void {
    if (!isGiven()) return leave(news)
    const { name, email } = contact
    const shown = [name ?? '', email].filter(Boolean).map((text) => el('bdi', {}, text))
    const change = el('button', { type: 'button', class: 'contact-quiet' }, words.change)
    change.addEventListener('click', () => {
      const form = formOf(true)
      show(form, '')
      form.querySelector('input')?.focus()
    })
    show(el('p', { class: 'contact-given' }, el('span', { class: 'db-vh' }, `${words.given} `), ...shown, change), news)
    if (holdsFocus) change.focus()
  }

  /** Nothing is shown any more, and the next thing to do is to write */
  function leave(news = ''): void {
    markAsked(api.base)
    show(null, '')
    const box = root.querySelector<HTMLElement>(matchMedia('(pointer: coarse)').matches ? '.panel' : 'textarea')
    box?.focus({ preventScroll: true })
    // A part that is hidden says nothing
    if (news) {
      part.hidden = false
      said.textContent = news
    }
  }

  function formOf(isChange: boolean): HTMLFormElement {
    const name = el('input', { name: 'name', autocomplete: 'name', maxlength: '200', dir: 'auto' })
    const email = el('input', { name: 'email', type: 'email', autocomplete: 'email', maxlength: '254', dir: 'ltr' })
    name.value = contact.name ?? ''
    email.value = contact.email
    const wrong = el('p', { class: 'contact-wrong', id: WRONG, role: 'alert' })
    const save = el('button', { type: 'submit', class: 'contact-save' }, words.save)
    const quiet = el('button', { type: 'button', class: 'contact-quiet' }, isChange ? words.cancel : words.skip)
    const remove = el('button', { type: 'button', class: 'contact-quiet' }, words.remove)
    const form = el(
      'form',
      { novalidate: '', 'aria-label': words.title },
      el('p', { class: 'contact-title' }, words.title),
      el('p', {}, words.hint),
      el('div', { class: 'contact-fields' }, el('label', {}, words.name, name), el('label', {}, words.email, email)),
      wrong,
      el('div', { class: 'contact-buttons' }, save, quiet, ...(isChange ? [remove] : [])),
    )

    function refuse(why: string, at?: HTMLElement): void {
      wrong.textContent = why
      if (!at) return
      at.setAttribute('aria-invalid', 'true')
      at.setAttribute('aria-describedby', WRONG)
      at.focus()
    }
    async function store(given: VisitorContact, news: string): Promise<void> {
      wrong.textContent = ''
      for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
      try {
        contact = await api.json<VisitorContact>('POST', PATH, given)
        showGiven(news, true)
      } catch {
        refuse(words.failed)
      }
      for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled')
    }

    email.addEventListener('input', () => {
      wrong.textContent = ''
      email.removeAttribute('aria-invalid')
    })
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (save.hasAttribute('aria-disabled')) return
      const given = { name: name.value.trim() || null, email: email.value.trim() }
      if (given.email !== '' && !isEmailAddress(given.email)) refuse(words.noAddress, email)
      else if (given.email === contact.email && given.name === contact.name) quiet.click()
      else void store(given, words.saved)
    })
    quiet.addEventListener('click', () => (isChange ? showGiven('', true) : leave()))
    remove.addEventListener('click', () => {
      if (!save.hasAttribute('aria-disabled')) void store({ name: null, email: '' }, words.removed)
    })
    return form
  }

  if (isGiven()) showGiven('', false)
  else if (isAsked(api.base)) show(null, '')
  else show(formOf(false), words.title)
  return part
}
