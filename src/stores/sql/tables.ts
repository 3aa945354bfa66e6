// The tables as Kysely sees them. migrations/ defines them for every engine.
import type { MailBlock, SenderType } from '../../protocol/types.ts'
import type { WebhookEventType, WebhookFailure, WebhookState } from '../../protocol/webhooks.ts'
import type { ActivityKind } from '../../protocol/activity.ts'
import type { StaffLinkKind, StaffRole } from '../../server/ports/store/accounts.ts'
import type { MailDelivery } from '../../server/ports/mail-events.ts'
import type { NotificationState } from '../../server/ports/store/notifications.ts'

/** A time in the engine's format, made by `Engine.time`. What is read is ISO 8601 again. */
export type Time = string & { readonly engine?: 'made by Engine.time' }

export interface Tables {
  support_users: {
    id: string
    email: string
    name: string | null
    page_url: string | null
    /** JSON, as `attributesText` makes it */
    attributes: string | null
    last_seen_at: Time
    unsubscribed_at: Time | null
    created_at: Time
    updated_at: Time
  }
  support_chats: {
    id: string
    user_id: string
    last_message_at: Time | null
    admin_viewed_at: Time | null
    archived_at: Time | null
    assignee_id: string | null
    assignee_name: string | null
    /** JSON; null: it has none */
    tags: string | null
    waiting_since: Time | null
    assistant_off_at: Time | null
    rating_score: number | null
    rating_comment: string | null
    rated_at: Time | null
    blocked_at: Time | null
    last_seq: number
    last_user_seq: number
    last_activity_seq: number
    last_activity_at: Time | null
    user_read_seq: number
    user_read_at: Time | null
    admin_viewed_seq: number
    notified_seq: number
    staff_notified_seq: number
    last_message_preview: string | null
    last_message_sender: SenderType | null
    created_at: Time
    updated_at: Time
  }
  support_messages: {
    id: string
    chat_id: string
    seq: number
    content: string
    sender_type: SenderType
    sender_id: string
    sender_name: string | null
    client_id: string | null
    /** JSON, as `attachmentsText` makes it */
    attachments: string | null
    /** 1: a machine wrote it */
    automated: number | null
    read_at: Time | null
    created_at: Time
    updated_at: Time
  }
  support_activities: {
    id: string
    chat_id: string
    seq: number
    kind: ActivityKind
    actor_id: string | null
    actor_name: string | null
    /** JSON */
    body: string
    client_id: string | null
    created_at: Time
  }
  support_tags: {
    chat_id: string
    tag: string
    is_archived: number
    last_message_at: Time | null
  }
  support_replies: {
    id: string
    shortcut: string
    title: string
    body: string
    updated_at: Time
  }
  support_numbers: {
    day: string
    kind: string
    bucket: number
    shard: number
    agent_id: string
    agent_name: string | null
    n: number
  }
  support_answers: { chat_id: string; seq: number; claim: number; due_at: Time }
  support_colleagues: { id: string; name: string | null; last_seen_at: Time }
  support_attachments: {
    id: string
    /** Null: it is gone, and its content is to be deleted */
    chat_id: string | null
    /** Null: no message carries it */
    message_id: string | null
    sender_type: SenderType
    sender_id: string
    name: string
    /** Null: its content is not here yet */
    type: string | null
    size: number
    width: number | null
    height: number | null
    client_id: string | null
    /** 1: it counts for nobody's quota */
    uncounted: number | null
    due_at: Time | null
    created_at: Time
  }
  support_notifications: NotificationTable
  support_staff_mails: NotificationTable
  support_mail_blocks: {
    address: string
    kind: MailBlock['kind']
    at: Time
    reason: string | null
    unblocked_at: Time | null
  }
  support_typed_addresses: {
    address: string
    mail_id: string | null
    mailed_at: Time | null
    unsubscribed_at: Time | null
  }
  support_webhooks: {
    id: string
    endpoint: string
    chat_id: string
    position: number
    event: WebhookEventType
    seq: number | null
    state: WebhookState
    due_at: Time | null
    claim: number
    attempts: number
    status: number | null
    reason: WebhookFailure | null
    created_at: Time
    updated_at: Time
  }
  support_mails: { id: string; mail: string; created_at: Time }
  support_revocations: { subject: string; revoked_at: Time }
  support_staff: {
    id: string
    email: string
    email_lower: string
    name: string | null
    role: StaffRole
    password: string
    totp: string | null
    totp_step: number
    recovery: string | null
    identity: string | null
    identity_issuer: string | null
    mails_off_at: Time | null
    last_seen_at: Time | null
    created_at: Time
    updated_at: Time
  }
  support_staff_sessions: { id: string; staff_id: string; created_at: Time; expires_at: Time }
  support_staff_links: {
    id: string
    kind: StaffLinkKind
    staff_id: string | null
    email: string | null
    role: StaffRole | null
    created_at: Time
    expires_at: Time
  }
  support_staff_allowances: { id: string; used_until: Time }
  support_staff_audit: {
    id: string
    at: Time
    action: string
    actor: string | null
    subject: string | null
    address: string | null
  }
  support_push_subscriptions: {
    id: string
    staff_id: string
    session_id: string | null
    endpoint: string
    p256dh: string
    auth: string
    renewed_at: Time
  }
  support_meta: { name: string; value: string }
}

/** The delayed e-mail of one kind */
interface NotificationTable {
  id: string
  chat_id: string
  state: NotificationState
  due_at: Time
  after_seq: number
  up_to_seq: number
  address: string | null
  claim: number
  refusals: number
  reason: string | null
  delivery: MailDelivery | null
  delivery_at: Time | null
  delivery_reason: string | null
  created_at: Time
  updated_at: Time
}
