// The chunk that the launcher loads: the live conversation of one person, and its panel while that is open.
import { render } from 'preact'
import { Api } from '../client/api.ts'
import { Cable } from '../client/connection/cable.ts'
import { Conversation } from '../client/conversation/conversation.ts'
import type { Credentials } from '../client/connection/credentials.ts'
import { browserStorage } from '../client/storage.ts'
import type { SupportMessage } from '../protocol/types.ts'
import { createDrafts } from '../ui/drafts.ts'
import composer from '../ui/composer.css?inline'
import log from '../ui/log.css?inline'
import type { CreatePanelSession } from './contract.ts'
import { words } from './locales/panel.en.ts'
import { draftKey, Panel, UNKNOWN } from './panel.tsx'
import own from './panel.css?inline'
import { fillScreen } from './phone.ts'

let sheet: CSSStyleSheet | undefined

export const createPanelSession: CreatePanelSession = (host) => {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(log + composer + own)
  }
  if (!host.root.adoptedStyleSheets.includes(sheet)) host.root.adoptedStyleSheets.push(sheet)

  const credentials: Credentials = { get: () => host.token(), refresh: () => host.freshToken() }
  const api = new Api({ base: host.server, credentials })
  const cable = new Cable({ url: new URL('cable', api.base).href.replace(/^http/, 'ws'), credentials })
  const onReply = ({ id }: SupportMessage): void =>
    // If the chunk does not load, there is no sound
    void import('./sound.ts').then(({ ring }) => ring(id, browserStorage)).catch(() => undefined)
  const conversation = new Conversation({ api, cable, role: 'user', onReply })
  const drafts = createDrafts(() => conversation.state.messages.length > 0)
  const box = document.createElement('div')
  box.className = 'panel-box'
  host.root.prepend(box)
  let settled = false
  let release: (() => void) | null = null

  const draw = (): void => {
    const view = (
      <Panel
        words={words}
        conversation={conversation}
        drafts={drafts}
        heading={host.heading}
        greeting={host.greeting}
        onClose={() => host.requestClose()}
      />
    )
    render(release ? view : null, box)
  }
  const showUnread = (): void => {
    const { status, unread_count, messages } = conversation.state
    // Until the conversation is loaded, the launcher shows what it asked for itself.
    if (status !== 'ready') return
    if (!settled) {
      settled = true
      // It was typed before the chat was known.
      const early = drafts.get(UNKNOWN)
      if (early) drafts.set(draftKey(conversation.state), early)
    }
    const newest = messages.findLast((message) => message.sender_type === 'admin' && message.read_at === null)
    host.unread(unread_count, newest ?? null)
  }
  const stop = conversation.subscribe(showUnread)
  cable.open()
  void conversation.open()

  return {
    open() {
      release ??= fillScreen(box)
      draw()
    },
    close() {
      release?.()
      release = null
      draw()
    },
    update: draw,
    destroy(forget) {
      release?.()
      release = null
      stop()
      draw()
      box.remove()
      conversation.close()
      cable.close()
      if (!forget) return
      conversation.forget()
      drafts.set(draftKey(conversation.state), '')
    },
  }
}
