// Push notifications for staff whose dashboard is closed.

/** `GET admin/push` */
export interface PushKey {
  /** What a browser subscribes with as `applicationServerKey`: base64url. It is one for the whole database */
  public_key: string
}

/** `PUT admin/push/subscription` */
export interface PushSubscribed {
  /** Names the subscription where it is removed */
  id: string
  /** ISO 8601. It ends then, unless it is sent again before */
  expires_at: string
}

/** What a push says, as JSON. Push services cannot read it */
export interface PushMessage {
  /** Who wrote */
  title: string
  /** How the message begins */
  body: string
  chat_id: string
}
