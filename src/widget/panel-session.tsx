// The chunk that the launcher loads: the live conversation of one person, and its panel while that is open.
import { render } from 'preact'
import { Api } from '../client/api.ts'
import { asking } from '../client/connection/asking.ts'
import { Cable } from '../client/connection/cable.ts'
import { createSession } from '../client/connection/session.ts'
import { Conversation } from '../client/conversation/conversation.ts'
import { orVisitor } from '../client/user/or-visitor.ts'
import { browserStorage } from '../client/storage.ts'
import type { SupportMessage } from '../protocol/types.ts'
import composer from '../ui/composer.css?inline'
import { formatterIn } from '../ui/dates.ts'
import { createDrafts } from '../ui/drafts.ts'
import { rules } from '../ui/formatted-text.tsx'
import log from '../ui/log.css?inline'
import { onCard } from './card.ts'
import type { CreatePanelSession, Host } from './contract.ts'
import { keepKeys } from './keep-keys.ts'
import own from './panel.css?inline'
import { draftKey, Panel, UNKNOWN } from './panel.tsx'

// What takes time is done while the words are on their way
const sheet = new CSSStyleSheet()
sheet.replaceSync(log + composer + own)
void rules.load()

// A file of its own, so that another language can take its place.
const { words } = await import('./locales/panel.en.ts')

Cable.listenBy = () => import('./listen.ts')

export const create: CreatePanelSession = (host) => {
  if (!host.root.adoptedStyleSheets.includes(sheet)) host.root.adoptedStyleSheets.push(sheet)
  const box = document.createElement('div')
  box.className = 'panel-box'
  keepKeys(box)
  // Without them, the panel works
  for (const part of [import('./in-page.ts'), import('./late-styles.ts')])
    void part
      .then(({ settleIn }) => settleIn(host.root, box, words.noFiles, () => life, formatterIn))
      .catch(() => undefined)
  host.root.prepend(box)
  let isShown = false

  const draw = (): void => {
    render(isShown ? <Panel key={life} words={words} host={host} {...life} /> : null, box)
  }
  const close = (): void => {
    isShown = false
    draw()
  }
  /** Where the cookie or `getToken` names another person now, nothing of the one before goes on */
  const replaced = (): void => {
    life.end()
    host.unread(0, null)
    life = begin(host, replaced)
    draw()
  }
  let life = begin(host, replaced)

  return {
    get person() {
      return life.conversation.state.person
    },
    open() {
      isShown = true
      // In a task of its own, since that of the click has the button to draw
      setTimeout(() => {
        draw()
        // Once it is on the screen, for its messages. The first use of `Intl` takes a slow machine 80 ms: this is one half, dates the other
        requestAnimationFrame(() => {
          setTimeout(Intl.Collator)
          setTimeout(Intl.DateTimeFormat)
        })
      })
    },
    close,
    update(mayBeSignedIn) {
      if (mayBeSignedIn || life.conversation.state.status === 'error') void life.conversation.open()
      draw()
    },
    destroy() {
      close()
      box.remove()
      life.end()
    },
  }
}

/** Begins the live conversation of whoever is signed in. @param replaced called when that is somebody else */
function begin(host: Host, replaced: () => void) {
  const credentials = orVisitor(
    { get: asking(() => host.currentToken()), refresh: asking(() => host.freshToken()) },
    host.base,
    () => conversation,
  )
  const session = createSession(credentials)
  const api = new Api({ base: host.base, session })
  const cable = new Cable({ url: new URL('cable', api.base).href.replace(/^http/, 'ws'), session })
  const onReply = ({ id }: SupportMessage): void =>
    // If the chunk does not load, there is no sound
    void import('./sound.ts').then(({ ring }) => ring(id, browserStorage)).catch(() => undefined)
  const conversation = new Conversation({ api, cable, role: 'user', onReply })
  const drafts = createDrafts({
    base: api.base,
    persist: () =>
      session.person !== null && conversation.state.messages.length + conversation.state.pending.length > 0,
  })
  let draft = UNKNOWN

  const changed = (): void => {
    const { status, unread_count, messages } = conversation.state
    const key = draftKey(conversation.state)
    // It may be typed before it is known whose it is, and cannot be stored before `persist` allows it
    drafts.set(key, drafts.get(draft) || drafts.get(key))
    draft = key
    // Until the conversation is loaded, the launcher shows what it asked for itself.
    if (status !== 'ready') return
    const isUnread = (message: SupportMessage): boolean => message.sender_type === 'admin' && message.read_at === null
    host.unread(unread_count, onCard(messages.findLast(isUnread)))
  }
  const undo = [conversation.subscribe(changed), session.onChange(() => session.replaced && replaced())]
  cable.open()
  void conversation.open()

  return {
    api,
    conversation,
    drafts,
    end(): void {
      for (const step of undo) step()
      credentials.end()
      conversation.close()
      cable.close()
    },
  }
}
