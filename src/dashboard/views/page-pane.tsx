// The right zone while a page is open: its head, and what it loads.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { PAGES, pageStyles } from '../pages/pages.ts'
import type { PageName } from '../state/navigation.ts'
import { useDashboard } from './context.ts'
import { leadFocus } from './focus-title.ts'
import { BackIcon, CrossIcon } from './icons.tsx'
import { isNarrow } from './narrow.ts'
import { isPlainClick } from './plain-click.ts'

export function PagePane({ name }: { name: PageName }): JSX.Element {
  const { words } = useDashboard()
  const title = PAGES[name].title(words)
  const heading = useRef<HTMLHeadingElement>(null)
  // What was pressed, the menu, is closed; on a phone the list has gone as well
  useEffect(() => leadFocus(heading.current), [])
  return (
    <section class="chat-pane page-pane" id="conversation" tabIndex={-1} aria-label={title}>
      <header class="chat-head">
        <CloseLink />
        <h2 tabIndex={-1} id="page-title" ref={heading}>
          {title}
        </h2>
      </header>
      <PageBody name={name} />
    </section>
  )
}

/** A real link, so that it opens in a new tab, too */
function CloseLink(): JSX.Element {
  const { desk, words } = useDashboard()
  const { navigation } = desk
  return (
    <a
      class="icon-button back"
      href={navigation.href({ ...navigation.route.value, page: null })}
      aria-label={words.back}
      title={words.back}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        navigation.navigate({ page: null })
      }}
    >
      {isNarrow() ? <BackIcon /> : <CrossIcon />}
    </a>
  )
}

type Loaded = { kind: 'loading' | 'failed' } | { kind: 'ready'; Page: () => JSX.Element | null }

function PageBody({ name }: { name: PageName }): JSX.Element {
  const { words } = useDashboard()
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isOver = false
    setLoaded({ kind: 'loading' })
    Promise.all([PAGES[name].load(), pageStyles()]).then(
      ([Page]) => !isOver && setLoaded({ kind: 'ready', Page }),
      () => !isOver && setLoaded({ kind: 'failed' }),
    )
    return () => {
      isOver = true
    }
  }, [name, attempt])
  if (loaded.kind === 'ready')
    return (
      <div class="page-body">
        <loaded.Page />
      </div>
    )
  if (loaded.kind === 'failed')
    return (
      <div class="blank" role="alert">
        <p>{words.pageFailed}</p>
        <button class="button" type="button" onClick={() => setAttempt(attempt + 1)}>
          {words.retry}
        </button>
      </div>
    )
  return (
    <div class="blank" role="status">
      <p>{words.loadingPage}</p>
    </div>
  )
}
