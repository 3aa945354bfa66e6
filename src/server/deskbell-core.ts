import type { Chats, PersonId } from './chats/host-chats.ts'
import type { ChatEvent } from './events/chat-event.ts'
import type { ChatEventListener } from './events/host-listeners.ts'
import type { Peer } from './http/address.ts'
import type { JobsRun } from './jobs/jobs.ts'
import type { MergedPeople } from './people/merge-people.ts'
import type { Whom } from './people/revocations.ts'
import type { Tokens } from './people/token.ts'
import type { Load } from './ports/observer.ts'
import type { Erasure } from './ports/store/personal-data.ts'
import type { Accepted, Dialect } from './realtime/connections/dialect.ts'

/** A running chat, independent of the runtime. `adapters/` connect it to one. */
export interface DeskbellCore {
  /**
   * Answers a request, at the base path or with that path cut off. What nobody knows is answered with 404.
   * @param peer a `Peer`: what the runtime knows of the client. Without an address, limits per address do not apply. Anything else
   *   that runtimes and frameworks pass beside a request is ignored
   */
  fetch: (request: Request, peer?: unknown) => Promise<Response>
  /**
   * Like `fetch`, for a server that has more to offer: undefined for paths that are not the chat's, and nothing was read of the body.
   * @example const response = (await deskbell.answer(request)) ?? (await app.fetch(request))
   */
  answer: (request: Request, peer?: unknown) => Promise<Response | undefined>
  /** The path at which requests arrive: `/support`, or nothing for the root */
  basePath: string
  /** All routes of `fetch`, with the base path. `*` and `ALL` stand for several paths or methods */
  routes: { method: string; path: string }[]
  /** Where WebSockets are opened, with the base path. Upgrades to other paths belong to others */
  socketPaths: string[]
  /**
   * Decides about an Upgrade request. A `Response` refuses it.
   * @param attached the protocol of a connection that opens elsewhere than at `socketPaths`, such as that of `deskbell/socket.io`
   */
  handshake(request: Request, peer?: Peer, attached?: Dialect): Promise<Response | Accepted>
  /** The chats, for your own code: open, send, list … */
  chats: Chats
  /**
   * Calls `listener` with each event of a type, after its commit: `message`, `read`, `archived`, `unarchived`, `activity`. An event comes at most
   * once, on the node that committed it; if that process dies first, the event is lost (a webhook is not). On one node, messages of
   * a chat come in the order of their `seq`. The sender waits for the synchronous part of the listener, so do slow work
   * asynchronously. What it throws or rejects with goes to `onError`.
   * @returns removes the listener
   * @example deskbell.on('message', async ({ chat, message }) => crm.log(chat.user_id, message.content))
   */
  on<Type extends ChatEvent['type']>(type: Type, listener: ChatEventListener<Type>): () => void
  /** Signs and checks tokens with the shared secret; refuses those that were revoked */
  tokens: Tokens
  /**
   * Revokes all credentials that a person was issued until now, or one session (a token's `jti`). Within 5 s, every node on the same
   * database refuses the tokens and closes the connections. A person whom the host's `authenticate` still accepts can come back.
   * Tokens whose `iat` is the very second of the revocation, without a fraction, stay good; revoking a session is exact.
   * @example await deskbell.revoke({ id: user.id, role: 'user' }) // they changed their password
   */
  revoke(whom: Whom): Promise<void>
  /**
   * Somebody of staff left for good: revokes all their credentials as `revoke` does, and gives their chats back, archived ones too, so that nobody
   * has them. When it resolves, that is certain to happen; many chats take a while. Who signs in again is one of staff as before, with the
   * chats that they get then.
   * @param id as your app names them
   * @example await deskbell.removeStaff('anna')
   */
  removeStaff(id: PersonId): Promise<void>
  /**
   * Erases a user and all that is stored about them: their chat with everybody's messages in it, read marks, mails, page and dates.
   * Revokes their credentials first and closes their connections; mails that wait are not sent; staff see the chat vanish, on every
   * node. A long chat takes seconds, in which others can work. Staff cannot be erased: see docs/behaviour.md.
   *
   * End the person's session in your app before: someone who comes back later is a new person with an empty chat.
   * @returns what was erased; undefined: no such user
   * @throws StoreUnavailable: some of it may be erased; call it again
   * @example await deskbell.erasePerson(user.id)
   */
  erasePerson(userId: string): Promise<Erasure | undefined>
  /**
   * A user has another id in your app from now on: their chat, with everybody's messages, notes, files, tags and mails, goes to the new one, and nothing is left of
   * the old one. If both have written, the messages of `from` follow those of `into`. The credentials of the old id are revoked and its
   * connections closed, on every node. Sign no more tokens for it. Calling it again changes nothing.
   * @param merge `into` need not have been here; it gets the name, address and attributes of `from` then
   * @returns undefined: nothing is stored about `from`, as after a merge
   * @throws DeskbellError `invalid_request` for ids that are none, or the same; `chat_too_long`: `into` has messages and `from` more than 10,000
   * @throws StoreUnavailable: call it again
   * @example await deskbell.mergePeople({ from: oldId, into: newId })
   */
  mergePeople(merge: { from: PersonId; into: PersonId }): Promise<MergedPeople | undefined>
  /**
   * All that is stored about a user, as one JSON document in UTF-8: `{ exported_at, user, chat, mails, messages }`, with the types
   * of `PersonalData` and `SupportMessage`. It is read bit by bit, so a long chat is never in memory as a whole.
   * @returns undefined: no such user
   * @example return new Response(await deskbell.exportPerson(user.id), { headers: { 'content-type': 'application/json' } })
   */
  exportPerson(userId: string): Promise<ReadableStream<Uint8Array> | undefined>
  /**
   * Does what is due: e-mails, webhooks, and the deletion of what is old. Processes that live on do it by themselves; with `serverless`, call
   * it about every minute, where the schedule calls your code and not `jobs/run`. Runs may overlap, and be killed.
   * @param options `within`: milliseconds that it may take. Default: 8,000
   * @throws StoreUnavailable
   */
  runJobs(options?: { within?: number | undefined }): Promise<JobsRun>
  /** How busy this node is now */
  load(): Load
  /**
   * Tells clients to come back later, finishes what was accepted, and stops. New requests are answered with 503 and `Retry-After`.
   * Once it resolves, nothing uses the store any more. The store stays open; the caller closes it. Never rejects, and takes at most
   * 7 s longer than `drainMs`. A second call waits for the first.
   * @param options `drainMs`: milliseconds over which clients are told to leave, so that they do not all return at once. Default: 0
   */
  close(options?: { drainMs?: number | undefined }): Promise<void>
}
