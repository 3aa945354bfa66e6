import type { WebhookEventType, WebhookFailure } from '../../../protocol/webhooks.ts'

/** What the log of webhooks says, in one language */
export interface WebhooksCatalogue {
  locale: string
  hint: string
  filterLabel: string
  all: string
  failed: string
  listLabel: string
  events: Record<WebhookEventType, string>
  states: { delivered: string; sending: string; due: string; behind: string; again: string; failed: string }
  /** Why the last attempt failed */
  reasons: Record<Exclude<WebhookFailure, 'status'>, string>
  answered: (status: number) => string
  attempts: (n: number) => string
  nextAttempt: (when: string) => string
  /** The endpoint was set once, and is not any more */
  noEndpoint: string
  /** Of the person whose chat it is */
  noAddress: string
  sendAgain: string
  sendNow: string
  /** `what`: the event and the person, to tell the buttons apart */
  sendAgainLabel: (button: string, what: string) => string
  sent: string
  notSent: string
  older: string
  loading: string
  loadFailed: string
  olderFailed: string
  retry: string
  empty: string
  emptyHint: string
  emptyFailed: string
  notSet: string
  notSetHint: string
}
