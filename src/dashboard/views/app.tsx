import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { keepPage } from '../../ui/keep-page.ts'
import { useToday } from '../../ui/use-today.ts'
import { createMoments } from '../moments.ts'
import { ChatPane } from './chat-pane.tsx'
import { ConnectionBar } from './connection-bar.tsx'
import { type Dashboard, DashboardContext, useDashboard } from './context.ts'
import { HelpDialog } from './help-dialog.tsx'
import { keepFocus } from './keep-focus.ts'
import { listenToKeys } from './keyboard.ts'
import { ListPane } from './list-pane.tsx'
import { OpenPalette } from './open-palette.tsx'
import { PagePane } from './page-pane.tsx'
import { SignedOut } from './signed-out.tsx'

export function App(props: Omit<Dashboard, 'moments'>): JSX.Element {
  const { desk, words } = props
  useEffect(() => listenToKeys(desk), [desk])
  useEffect(() => keepFocus(document.body, () => desk.cursor.at.peek()), [desk])
  useEffect(() => {
    for (const name of ['dragover', 'drop'] as const) addEventListener(name, keepPage)
    return () => {
      for (const name of ['dragover', 'drop'] as const) removeEventListener(name, keepPage)
    }
  }, [])
  const today = useToday()
  const moments = useMemo(() => createMoments(words), [words, today])
  return (
    <DashboardContext.Provider value={{ ...props, moments }}>
      {desk.signedOut.value ? <SignedOut /> : <Panes />}
    </DashboardContext.Provider>
  )
}

function Panes(): JSX.Element {
  const { desk, words } = useDashboard()
  const { chat, page } = desk.navigation.route.value
  const isListBehind = chat !== null || page !== null
  return (
    <>
      <a class="skip" href="#conversation">
        {page === null ? words.skipToChat : words.skipToPage}
      </a>
      <ConnectionBar />
      <main class={isListBehind ? 'panes has-chat' : 'panes'}>
        {/* On a phone the list is hidden, and its heading with it */}
        {isListBehind && <h1 class="sr on-phone">{words.title}</h1>}
        <ListPane />
        {page === null ? <ChatPane /> : <PagePane key={page} name={page} />}
      </main>
      <FailureNotice />
      <HelpDialog />
      <OpenPalette />
    </>
  )
}

function FailureNotice(): JSX.Element {
  const { desk, words } = useDashboard()
  const failure = desk.failure.value
  return (
    <div class="notice" role="alert">
      {failure !== null && <p>{words.failures[failure]}</p>}
    </div>
  )
}
