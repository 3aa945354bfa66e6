import { effect } from '@preact/signals'
import { render } from 'preact'
import { App } from './app.tsx'
import { countUnread, unread } from './desk.ts'
import { listenToKeys } from './keyboard.ts'
import { openChatName } from './open-chat.ts'
import { goLive } from './live.ts'
import { strings } from './strings.ts'

const root = document.querySelector('#app')
if (root !== null) render(<App />, root)
listenToKeys()
goLive()
countUnread()
effect(() => {
  document.title = strings.documentTitle(unread.value, openChatName.value)
})
