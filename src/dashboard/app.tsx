import type { JSX } from 'preact'
import { ChatPane } from './chat-pane.tsx'
import { notice } from './desk.ts'
import { HelpDialog } from './help-dialog.tsx'
import { ListPane } from './list-pane.tsx'
import { LinkBar } from './link-bar.tsx'
import { route } from './routes.ts'
import { signedOut } from './session.ts'
import { SignedOut } from './signed-out.tsx'
import { strings } from './strings.ts'

export function App(): JSX.Element {
  if (signedOut.value) return <SignedOut />
  return (
    <>
      <a class="skip" href="#conversation">
        {strings.skipToChat}
      </a>
      <LinkBar />
      <main class={route.value.chat === null ? 'panes' : 'panes has-chat'}>
        <ListPane />
        <ChatPane />
      </main>
      <div class="notice" role="alert">
        {notice.value !== null && <p>{notice.value}</p>}
      </div>
      <HelpDialog />
    </>
  )
}
