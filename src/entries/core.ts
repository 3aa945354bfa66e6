/**
 * `deskbell/core`: the chat itself on web standards, for Bun, Deno and Workers, and what a store, a bus, a mailer or another
 * adapter is written against. No Node API is reachable from here.
 *
 * Options, here and in the other entries, have one style: a function takes at most one argument that is obvious from its name, then
 * an object with names in camelCase. Records that are stored or sent (such as a message) have the names of the wire, in snake_case.
 *
 * @example
 * import { createDeskbellCore } from 'deskbell/core'
 *
 * const deskbell = createDeskbellCore({ store, mailer, secret, publicUrl: 'https://example.com' })
 * export default { fetch: (request) => deskbell.fetch(request) }
 *
 * @module
 */
export { createDeskbellCore } from '../server/create-deskbell.ts'
export type { DeskbellCore } from '../server/deskbell-core.ts'
export type { DeskbellOptions, MailOptions } from '../server/options.ts'
export type {
  MailContent,
  MailParts,
  MailTemplate,
  ReplyMailContent,
  VisitorMailContent,
  WaitingMailContent,
} from '../server/notifications/mail-content.ts'
export type { MailLook } from '../server/notifications/mail-look.ts'
export type { HoursOptions } from '../server/hours/options.ts'
export type { StaffMailOptions, StaffRecipients, WaitingChat } from '../server/notifications/staff-mails.ts'
export type {
  AssistantAnswer,
  AssistantCall,
  AssistantChat,
  AssistantOptions,
  Suggestion,
} from '../server/assistant/options.ts'
export type { AttachmentOptions, HourlyUploads } from '../server/attachments/options.ts'
export { standardMail } from '../server/notifications/standard-mail.ts'
export type { ServerCatalogue } from '../server/catalogue.ts'
export type {
  Assignment,
  Author,
  Chats,
  ChatsQuery,
  MessagesQuery,
  FileToSend,
  MessageToSend,
  NewChat,
  NoteToWrite,
  PersonId,
  ReadUpTo,
  SentMessage,
  StaffAuthor,
  StoredNote,
  TagsToChange,
} from '../server/chats/host-chats.ts'
export type { ChatPage } from '../server/chats/chat-page.ts'
export type * from '../server/events/chat-event.ts'
export type { ChatEventListener } from '../server/events/host-listeners.ts'
export type { Peer } from '../server/http/address.ts'
export type { AddressLimitOptions } from '../server/http/address-limits.ts'
export type { Rate } from '../server/http/rate-limit.ts'
export type { JobsRun } from '../server/jobs/jobs.ts'
export type { ServerlessOptions } from '../server/jobs/options.ts'
export type { ReadUsers, UserRow } from '../server/people/host-users.ts'
export type { HostAuthenticate } from '../server/people/host-person.ts'
export type { GivenAttributes, HostIdentity, HostStaff, HostUser, Identity, Role } from '../server/people/identity.ts'
export type { Secret } from '../server/people/keys.ts'
export type { PushOptions } from '../server/push/options.ts'
export type { MergedPeople } from '../server/people/merge-people.ts'
export type { Whom } from '../server/people/revocations.ts'
export type { VisitorsOptions } from '../server/people/visitors.ts'
export {
  AUDIENCE,
  MAX_LIFETIME,
  MIN_SECRET,
  type Audience,
  type SignOptions,
  type TokenClaims,
  type Tokens,
} from '../server/people/token.ts'
export type { Accepted } from '../server/realtime/connections/dialect.ts'

export type { BlobRange, Blobs } from '../server/ports/blobs.ts'
export { MAX_HINT, type Bus } from '../server/ports/bus.ts'
export type { Clock } from '../server/ports/clock.ts'
export { CHAT_HEADER, MailFailed, MailRefused, type Mail, type Mailer } from '../server/ports/mailer.ts'
export type * from '../server/ports/observer.ts'
export {
  PublicationFailed,
  type Listener,
  type Publication,
  type PublicationFailedOptions,
  type PublishedTopic,
  type Publisher,
} from '../server/ports/publisher.ts'
export { Frame, type Socket, type SocketHandler } from '../server/ports/socket.ts'
export type * from '../server/ports/mail-events.ts'
export type * from '../server/ports/file-content.ts'
export type * from '../server/ports/inbound-mail.ts'
export { UnprovenRequest } from '../server/ports/unproven-request.ts'
export type * from '../server/ports/store/activities.ts'
export type * from '../server/ports/store/allowances.ts'
export type * from '../server/ports/store/answers.ts'
export type * from '../server/ports/store/attachments.ts'
export type * from '../server/ports/store/chats.ts'
export type * from '../server/ports/store/colleagues.ts'
export type * from '../server/ports/store/deliveries.ts'
export type * from '../server/ports/store/mails.ts'
export type * from '../server/ports/store/messages.ts'
export type * from '../server/ports/store/notifications.ts'
export type * from '../server/ports/store/operations.ts'
export type * from '../server/ports/store/outbox.ts'
export type * from '../server/ports/store/people.ts'
export type * from '../server/ports/store/personal-data.ts'
export type * from '../server/ports/store/push.ts'
export type * from '../server/ports/store/ratings.ts'
export type * from '../server/ports/store/replies.ts'
export type * from '../server/ports/store/numbers.ts'
export type * from '../server/ports/store/retention.ts'
export type * from '../server/ports/store/revocations.ts'
export type * from '../server/ports/store/search.ts'
export type * from '../server/ports/store/tags.ts'
export type * from '../server/ports/store/visitors.ts'
export { TYPED_EVERY } from '../server/ports/store/visitors.ts'
export type * from '../server/ports/store/webhooks.ts'
export { StoreUnavailable } from '../server/ports/store/store-unavailable.ts'
export type { Store } from '../server/ports/store/store.ts'
export { PushBarred, type PostPush, type PushAnswer, type PushRequest } from '../server/ports/push-post.ts'
export { WebhookFailed, type PostWebhook, type WebhookRequest } from '../server/ports/webhook-post.ts'
export type { WebhookEndpoint } from '../server/webhooks/endpoint.ts'
export type { WebhookPayload } from '../server/webhooks/payload.ts'

export { isEmailAddress } from '../protocol/email-address.ts'
export * from '../protocol/errors.ts'
export * from '../protocol/limits.ts'
export { messagePreview, preview } from '../protocol/preview.ts'
export { MAX_SEARCH, parseSearch, wordsOf, type Alternatives, type Term } from '../protocol/search-query.ts'
export type * from '../protocol/activity.ts'
export * from '../protocol/canned-replies.ts'
export { attachmentKind } from '../protocol/attachments.ts'
export type * from '../protocol/attachments.ts'
export * from '../protocol/numbers.ts'
export type * from '../protocol/events.ts'
export type * from '../protocol/listening.ts'
export type * from '../protocol/publication.ts'
export type * from '../protocol/push.ts'
export * from '../protocol/ratings.ts'
export * from '../protocol/tags.ts'
export type * from '../protocol/assistant.ts'
export type * from '../protocol/types.ts'
export type * from '../protocol/webhooks.ts'
