import { describe, expect, it } from 'vitest'
import type { Store } from '../../server/ports/store/store.ts'
import { at, DELAY, uuid, type Kit } from './kit.ts'

const CLOSED = { name: 'StoreUnavailable' }

/** All methods that every store has, so that a forgotten new one does not compile */
type Calls = Record<
  Exclude<keyof Store, 'epoch' | 'close' | 'searchMessages' | 'accounts' | 'push'>,
  () => Promise<unknown>
>

export function closingConformance(name: string, kit: Kit): void {
  function callsOf(store: Store, chat: string): Calls {
    const claim = { kind: 'reply' as const, id: uuid(1), chat_id: chat, claim: 1 }
    const mail = { to: { name: 'U', address: 'u@example.com' }, subject: 's', text: 't', html: 'h', headers: {} }
    return {
      savePeople: () => store.savePeople([{ id: 'v', email: 'v@example.com', name: null }], at(1)),
      updatePeople: () => store.updatePeople([{ id: 'u', email: 'v@example.com', name: null }], at(1)),
      describePeople: () => store.describePeople([{ id: 'u', email: 'w@example.com', name: null }], at(1)),
      findPerson: () => store.findPerson('u'),
      findPeople: () => store.findPeople(['u']),
      searchPeople: () => store.searchPeople('u', 9),
      unsubscribe: () => store.unsubscribe('u', at(1)),
      resubscribe: () => store.resubscribe('u', at(1)),
      unsubscribedAt: () => store.unsubscribedAt('u'),
      openChat: () => store.openChat('u', uuid(2), at(1)),
      findChat: () => store.findChat(chat),
      findChats: () => store.findChats([chat]),
      findChatOf: () => store.findChatOf('u'),
      listChats: () => store.listChats({ archived: false, limit: 9 }),
      chatsByName: () => store.chatsByName({ archived: false, name: 'u', limit: 9 }),
      oldArchive: () => store.oldArchive({ before: at(1), limit: 9 }),
      listItems: () => store.listItems([chat]),
      countUnreadChats: () => store.countUnreadChats(9),
      setArchived: () => store.setArchived(chat, true, at(1)),
      assign: () => store.assign(chat, { assignee: { id: 'sam', name: null }, actor: null, at: at(1) }),
      setBlocked: () => store.setBlocked(chat, true, { actor: null, at: at(1) }),
      claimAnswers: () => store.claimAnswers({ at: at(1), lease: 9, limit: 9 }),
      renewAnswer: () => store.renewAnswer({ chat_id: chat, seq: 1, claim: 1 }, at(2)),
      forgetAnswer: () => store.forgetAnswer({ chat_id: chat, seq: 1, claim: 1 }),
      nextAnswer: () => store.nextAnswer(),
      handOver: () => store.handOver(chat, { by: 'user', at: at(1), notify_at: null }),
      saveColleagues: () => store.saveColleagues([{ id: 'sam', name: null }], at(1)),
      findColleague: () => store.findColleague('sam'),
      colleagues: () => store.colleagues(9),
      appendMessages: () => store.appendMessages([kit.message(chat), kit.reply(chat, 2)]),
      addNote: () =>
        store.addNote({
          chat_id: chat,
          content: 'n',
          actor: { id: 'sam', name: null },
          client_id: null,
          created_at: at(1),
        }),
      reserveUpload: () =>
        store.reserveUpload(
          {
            // Several are under way at once
            id: crypto.randomUUID(),
            chat_id: chat,
            sender_type: 'user',
            sender_id: 'u',
            name: 'n',
            size: 1,
            created_at: at(1),
            due_at: at(9),
          },
          null,
        ),
      finishUpload: () =>
        store.finishUpload({
          id: uuid(9),
          type: 'text/plain',
          width: null,
          height: null,
          client_id: null,
          due_at: at(9),
        }),
      dropUpload: () => store.dropUpload(uuid(9)),
      findAttachment: () => store.findAttachment(uuid(9)),
      findUpload: () => store.findUpload({ chat_id: chat, sender_type: 'user', sender_id: 'u' }, 'c'),
      goneAttachments: () => store.goneAttachments(at(1), 9),
      forgetAttachments: () => store.forgetAttachments([uuid(9)]),
      activities: () => store.activities(chat, { after: 0, limit: 9 }),
      messages: () => store.messages(chat, { after: 0, limit: 9 }),
      markRead: () => store.markRead(chat, 'user', undefined, at(3)),
      countUnread: () => store.countUnread(chat),
      newestUnread: () => store.newestUnread(chat),
      claimNotifications: () =>
        store.claimNotifications({ kind: 'reply', at: at(1_000), delay: DELAY, lease: 60_000, limit: 9 }),
      handOverNotification: () => store.handOverNotification(claim, at(1), 60_000),
      settleNotification: () => store.settleNotification(claim, { state: 'sent' }, at(1)),
      nextNotification: () => store.nextNotification('reply'),
      explainNotification: () => store.explainNotification(uuid(1)),
      recordMailEvent: () =>
        store.recordMailEvent(
          { reference: uuid(1), address: 'u@example.com', delivery: 'delivered', at: at(1), reason: null },
          at(1),
        ),
      mailBlock: () => store.mailBlock('u@example.com'),
      unblockMail: () => store.unblockMail('u@example.com', at(1)),
      blockMail: () => store.blockMail('u@example.com', { kind: 'bounced', at: at(1), reason: null }, at(1)),
      changeAllowances: () => store.changeAllowances(['a'], () => [1]),
      sweepAllowances: () => store.sweepAllowances(at(1)),
      revoke: () => store.revoke({ subject: 'user:u', revoked_at: at(1) }),
      revocationsSince: () => store.revocationsSince(''),
      forgetRevocations: () => store.forgetRevocations(at(1)),
      numbers: () => store.numbers('2026-03-02', '2026-03-02'),
      tagNumbers: () => store.tagNumbers('2026-03-02', '2026-03-02'),
      cannedReplies: () => store.cannedReplies(),
      addCannedReply: () => store.addCannedReply(uuid(1), { shortcut: 'a', title: '', body: 'b' }, at(1)),
      changeCannedReply: () => store.changeCannedReply(uuid(1), { title: 'c' }, at(1)),
      removeCannedReply: () => store.removeCannedReply(uuid(1)),
      importCannedReplies: () => store.importCannedReplies([{ shortcut: 'a', title: '', body: 'b' }], at(1)),
      changeTags: () => store.changeTags(chat, () => ['a'], { actor: null, at: at(1) }),
      knownTags: () => store.knownTags(9),
      rate: () => store.rate(chat, { score: 5, comment: null, rated_at: at(1) }),
      saveMail: () => store.saveMail({ ...mail, id: kit.message(chat).id, created_at: at(1) }),
      listMails: () => store.listMails(9),
      claimWebhooks: () => store.claimWebhooks({ endpoint: uuid(3), at: at(1_000), lease: 60_000, limit: 9 }),
      settleWebhook: () => store.settleWebhook(claim, { state: 'delivered', status: 200 }, at(1)),
      nextWebhook: () => store.nextWebhook(uuid(3)),
      listWebhooks: () => store.listWebhooks({ limit: 9 }),
      sendWebhookAgain: () => store.sendWebhookAgain(uuid(1), at(1)),
      forgetWebhooks: () => store.forgetWebhooks({ before: at(1), endpoints: [], limit: 9 }),
      personalData: () => store.personalData('u'),
      erasePerson: () => store.erasePerson('v'),
      mergeVisitor: () => store.mergeVisitor('visitor:v', 'v', at(0)),
      idleVisitors: () => store.idleVisitors({ after: '', limit: 1, before: at(0) }),
      unsubscribeTyped: () => store.unsubscribeTyped('u@example.com', at(1)),
      resubscribeTyped: () => store.resubscribeTyped('u@example.com'),
      typedUnsubscribedAt: () => store.typedUnsubscribedAt('u@example.com'),
      forgetTyped: () => store.forgetTyped(at(1)),
      migrate: () => store.migrate(),
      ping: () => store.ping(),
      renewEpoch: () => store.renewEpoch(),
    }
  }

  describe(`${name}: closing`, () => {
    it('refuses every method afterwards with StoreUnavailable', async () => {
      const { store } = kit
      const calls = callsOf(store, await kit.chat('u'))
      await store.close()
      for (const [method, call] of Object.entries(calls)) await expect(call(), method).rejects.toMatchObject(CLOSED)
    })

    it('is safe to repeat', async () => {
      const { store } = kit
      await Promise.all([store.close(), store.close()])
      await store.close()
    })

    it(
      'ends or refuses what is under way, and resolves when no more of it can succeed',
      { timeout: 120_000 },
      async () => {
        const { store } = kit
        const chat = await kit.chat('u')
        const answers: unknown[] = []
        let isOver = false
        const working = Array.from({ length: 5 }, async () => {
          for (const call of Object.values(callsOf(store, chat))) {
            // Some of them are called after the close, and some before
            void call().then(
              () => answers.push(isOver ? 'succeeded after the close' : 'done'),
              (error: unknown) => answers.push(error),
            )
            await new Promise((resolve) => setImmediate(resolve))
          }
        })
        await expect.poll(() => answers.length).toBeGreaterThan(10)
        await store.close()
        // Let earlier successes be counted
        await new Promise((resolve) => setImmediate(resolve))
        isOver = true
        await Promise.all(working)
        await expect
          .poll(() => answers.length, { timeout: 60_000 })
          .toBe(working.length * Object.keys(callsOf(store, chat)).length)
        for (const answer of answers) if (answer !== 'done') expect(answer).toMatchObject(CLOSED)
      },
    )
  })
}
