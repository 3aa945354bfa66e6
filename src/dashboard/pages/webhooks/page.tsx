// The log of webhooks.
import { useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { queryString } from '../../../client/api.ts'
import type { Webhook } from '../../../protocol/webhooks.ts'
import { webhooks as words } from '../../locales/webhooks.en.ts'
import { useDashboard } from '../../views/context.ts'
import { isPlainClick } from '../../views/plain-click.ts'
import { WebhookLog } from './webhook-log.ts'

/** Milliseconds after which an answer may have come to one that is sent again, and the last time when it must have */
const LOOK_AFTER = [500, 2_000, 5_000, 12_000]

export function WebhooksPage(): JSX.Element {
  const { api } = useDashboard()
  const [failed, setFailed] = useState(false)
  const log = useMemo(
    () =>
      new WebhookLog(failed, {
        load: (query) => api.json('GET', `admin/webhooks${queryString({ ...query, failed: String(query.failed) })}`),
        sendAgain: (id) => api.json('POST', `admin/webhooks/${id}/send_again`),
      }),
    [api, failed],
  )
  return (
    <section class="page-part webhooks">
      <p>{words.hint}</p>
      <div class="choice" role="group" aria-label={words.filterLabel}>
        {[false, true].map((which) => (
          <button
            key={String(which)}
            class="button"
            type="button"
            aria-pressed={failed === which}
            onClick={() => setFailed(which)}
          >
            {which ? words.failed : words.all}
          </button>
        ))}
      </div>
      <Log key={String(failed)} log={log} />
    </section>
  )
}

function Log({ log }: { log: WebhookLog }): JSX.Element {
  const { desk } = useDashboard()
  const [looks, setLooks] = useState(0)
  const [said, setSaid] = useState('')
  // A few times a minute while somebody can see it
  useSignalEffect(() => {
    void desk.now.value
    void log.refresh()
  })
  useEffect(() => {
    if (looks === 0) return undefined
    const timers = LOOK_AFTER.map((ms) => setTimeout(() => void log.refresh(), ms))
    return () => timers.forEach(clearTimeout)
  }, [looks])

  async function sendAgain(id: string): Promise<void> {
    setSaid('')
    setSaid((await log.sendAgain(id)) ? words.sent : words.notSent)
    setLooks(looks + 1)
  }

  const rows = log.rows.value
  if (log.state.value === 'loading')
    return (
      <p class="webhooks-empty" role="status">
        {words.loading}
      </p>
    )
  if (log.state.value === 'error') return <Failure sentence={words.loadFailed} retry={() => void log.refresh()} />
  if (rows.length === 0) return <Empty log={log} />
  return (
    <>
      <ul class="webhooks-list" role="list" aria-label={words.listLabel}>
        {rows.map((row) => (
          <Row key={row.id} row={row} sendAgain={() => void sendAgain(row.id)} />
        ))}
      </ul>
      <Older log={log} />
      <p class="sr" role="status">
        {said}
      </p>
    </>
  )
}

function Empty({ log }: { log: WebhookLog }): JSX.Element {
  const [title, hint] = !log.isSet.value
    ? [words.notSet, words.notSetHint]
    : log.failed
      ? [words.emptyFailed, '']
      : [words.empty, words.emptyHint]
  return (
    <div class="webhooks-empty">
      <p class="blank-title">{title}</p>
      {hint !== '' && <p>{hint}</p>}
    </div>
  )
}

function Older({ log }: { log: WebhookLog }): JSX.Element | null {
  const more = log.more.value
  if (more === 'none') return null
  if (more === 'error') return <Failure sentence={words.olderFailed} retry={() => void log.loadOlder()} />
  return (
    <button class="button" type="button" aria-disabled={more === 'loading'} onClick={() => void log.loadOlder()}>
      {words.older}
    </button>
  )
}

function Failure({ sentence, retry }: { sentence: string; retry: () => void }): JSX.Element {
  return (
    <p class="webhooks-empty" role="alert">
      {sentence}{' '}
      <button class="link" type="button" onClick={retry}>
        {words.retry}
      </button>
    </p>
  )
}

function Row({ row, sendAgain }: { row: Webhook; sendAgain: () => void }): JSX.Element {
  const { desk, moments } = useDashboard()
  const { navigation } = desk
  const { event, state, user_email, due_at } = row
  const who = user_email === '' ? words.noAddress : user_email
  const button = state === 'pending' ? words.sendNow : words.sendAgain
  // What is being sent, or waits for an earlier one, has its turn by itself
  const canSend = state === 'delivered' || state === 'failed' || (due_at !== null && row.attempts > 0)
  return (
    <li>
      <span class={`webhook-state is-${state}`}>{stateOf(row)}</span>
      <p class="webhook-what">
        {words.events[event]}
        {' · '}
        <a
          href={navigation.href({ ...navigation.route.value, chat: row.chat_id, at: null, page: null })}
          onClick={(click) => {
            if (!isPlainClick(click)) return
            click.preventDefault()
            navigation.navigate({ chat: row.chat_id })
          }}
        >
          <bdi>{who}</bdi>
        </a>
      </p>
      <time dateTime={row.created_at} title={moments.exact(row.created_at)}>
        {moments.ago(row.created_at, desk.now.value)}
      </time>
      <p class="webhook-where">
        <bdi>{row.url ?? words.noEndpoint}</bdi>
      </p>
      <Trouble row={row} />
      {canSend && (
        <button
          class="link"
          type="button"
          aria-label={words.sendAgainLabel(button, `${words.events[event]}, ${who}`)}
          onClick={sendAgain}
        >
          {button}
        </button>
      )}
    </li>
  )
}

/** Why it was not accepted so far, how often it was tried, and when it is tried next */
function Trouble({ row }: { row: Webhook }): JSX.Element | null {
  const { moments } = useDashboard()
  const { reason, status, attempts, state, due_at } = row
  if (reason === null || state === 'delivered') return null
  const why = reason === 'status' ? words.answered(status ?? 0) : words.reasons[reason]
  const next = state === 'pending' && due_at !== null ? [words.nextAttempt(moments.exact(due_at))] : []
  return <p class="webhook-trouble">{[why, words.attempts(attempts), ...next].join(', ')}</p>
}

function stateOf({ state, due_at, attempts }: Webhook): string {
  if (state !== 'pending') return words.states[state]
  if (due_at === null) return words.states.behind
  return attempts === 0 ? words.states.due : words.states.again
}
