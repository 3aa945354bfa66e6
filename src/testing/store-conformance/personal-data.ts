import { describe, expect, it } from 'vitest'
import { at, DELAY, DELAY_S, uuid, type Kit } from './kit.ts'

/** More than an engine erases in one transaction */
const LONG = 1_203

export function personalDataConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append } = kit

  async function mailed(chatId: string, seconds: number): Promise<string> {
    const query = { kind: 'reply' as const, at: at(seconds), delay: DELAY, lease: 60_000, limit: 9 }
    const [due] = (await kit.store.claimNotifications(query)).due
    if (due?.chat_id !== chatId) throw new Error(`Expected a mail of ${chatId}`)
    await kit.store.handOverNotification(due, at(seconds), 60_000)
    await kit.store.settleNotification(due, { state: 'sent' }, at(seconds + 1))
    return due.person.email
  }

  describe(`${name}: a person’s data`, () => {
    it('is their row, their chat and the mails that were sent to them', async () => {
      const id = await chat('u')
      await append(message(id), reply(id, 2))
      await mailed(id, DELAY_S + 2)
      await kit.store.markRead(id, 'user', undefined, at(400))
      await kit.store.unsubscribe('u', at(500))
      expect(await kit.store.personalData('u')).toEqual({
        user: {
          id: 'u',
          email: 'u@example.com',
          name: null,
          first_seen_at: at(0),
          last_seen_at: at(0),
          page_url: null,
          attributes: {},
          unsubscribed_at: at(500),
        },
        chat: {
          id,
          created_at: at(0),
          message_count: 2,
          user_read_seq: 2,
          user_read_at: at(400),
          admin_viewed_seq: 0,
          admin_viewed_at: null,
          rating: null,
          blocked_at: null,
        },
        mail_block: null,
        mails: [
          {
            state: 'sent',
            at: at(DELAY_S + 3),
            address: 'u@example.com',
            after_seq: 0,
            up_to_seq: 2,
            delivery: null,
          },
        ],
      })
    })

    it('has no chat for somebody who has none, and there is none of somebody unknown', async () => {
      await kit.store.savePeople([{ id: 'u', email: '', name: 'U' }], at(0))
      expect(await kit.store.personalData('u')).toMatchObject({ user: { id: 'u', name: 'U' }, chat: null, mails: [] })
      expect(await kit.store.personalData('nobody')).toBeUndefined()
    })

    it('is erased with everything, and nobody else’s is', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      await append(message(id), reply(id, 2), message(other), reply(other, 3))
      const mail = { subject: 's', text: 't', html: 'h', headers: {} }
      for (const [n, address] of ['u@example.com', 'v@example.com'].entries())
        await kit.store.saveMail({ ...mail, to: { name: '', address }, id: uuid(n), created_at: at(n) })
      const before = await kit.store.personalData('v')

      expect(await kit.store.erasePerson('u')).toEqual({ chat_id: id, messages: 2 })
      expect(await kit.store.personalData('u')).toBeUndefined()
      expect(await kit.store.findPerson('u')).toBeUndefined()
      expect(await kit.store.findChatOf('u')).toBeUndefined()
      expect(await kit.store.findChat(id)).toBeUndefined()
      expect(await kit.store.listItems([id])).toEqual([])
      expect(await kit.all(id)).toEqual([])
      expect((await kit.store.listMails(9)).map(({ to }) => to.address)).toEqual(['v@example.com'])
      expect((await kit.store.listChats({ archived: false, limit: 9 })).map((row) => row.id)).toEqual([other])
      expect(await kit.store.personalData('v')).toEqual(before)
      expect(await kit.all(other)).toHaveLength(2)
      // The mail that was waiting is gone, and the other one is not
      expect(await mailed(other, DELAY_S + 9)).toBe('v@example.com')
      expect(await kit.store.nextNotification('reply')).toBeUndefined()
    })

    it('can be erased again, and then there is nothing', async () => {
      await chat('u')
      expect(await kit.store.erasePerson('u')).toMatchObject({ messages: 0 })
      expect(await kit.store.erasePerson('u')).toBeUndefined()
      await kit.store.savePeople([{ id: 'alone', email: '', name: null }], at(0))
      expect(await kit.store.erasePerson('alone')).toEqual({ chat_id: null, messages: 0 })
      expect(await kit.store.findPerson('alone')).toBeUndefined()
    })

    it('stays whole where it is to be erased untouched, and something was written or noted', async () => {
      const { store } = kit
      const only = { untouched: true } as const
      const [written, noted, silent] = [await chat('u'), await chat('noted'), await chat('silent')]
      await append(message(written))
      const actor = { id: 'sam', name: null }
      await store.addNote({ chat_id: noted, content: 'n', actor, client_id: null, created_at: at(2) })
      await store.savePeople([{ id: 'alone', email: '', name: null }], at(0))
      for (const user of ['u', 'noted', 'nobody']) expect(await store.erasePerson(user, only)).toBeUndefined()
      expect(await kit.all(written)).toHaveLength(1)
      expect(await store.findChatOf('noted')).toMatchObject({ id: noted, last_activity_seq: 1 })
      expect(await store.erasePerson('silent', only)).toEqual({ chat_id: silent, messages: 0 })
      expect(await store.erasePerson('alone', only)).toEqual({ chat_id: null, messages: 0 })
      for (const user of ['silent', 'alone']) expect(await store.findPerson(user)).toBeUndefined()
    })

    it('leaves nothing to a mail that was claimed or handed over', async () => {
      const id = await chat('u')
      await append(reply(id, 1))
      const query = { kind: 'reply' as const, at: at(400), delay: DELAY, lease: 60_000, limit: 9 }
      const [due] = (await kit.store.claimNotifications(query)).due
      if (!due) throw new Error('It is due')
      await kit.store.erasePerson('u')
      expect(await kit.store.handOverNotification(due, at(401), 60_000)).toBe(false)
      await kit.store.settleNotification(due, { state: 'sent' }, at(402))
      expect(await kit.store.explainNotification(due.message.id)).toBeUndefined()
    })

    it('can be erased when there is much of it, while others write', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      await append(...Array.from({ length: LONG }, () => message(id)))
      const erasing = kit.store.erasePerson('u')
      const written = await append(message(other))
      expect(written).toMatchObject([{ kind: 'stored' }])
      expect(await erasing).toEqual({ chat_id: id, messages: LONG })
      expect(await kit.all(id)).toEqual([])
    })

    it('has in it what is sent at that moment, or refuses it: never a half', async () => {
      const id = await chat('u')
      const erasing = kit.store.erasePerson('u')
      const outcomes = (await Promise.all(Array.from({ length: 20 }, () => append(message(id))))).flat()
      const erased = await erasing
      expect(erased?.messages).toBe(outcomes.filter(({ kind }) => kind === 'stored').length)
      expect(await append(message(id))).toEqual([{ kind: 'no_chat' }])
      for (const reader of ['user', 'admin'] as const)
        expect(await kit.store.markRead(id, reader, undefined, at(9))).toEqual({ up_to_seq: 0, moved: false })
      expect(await kit.store.setArchived(id, true, at(9))).toBeUndefined()
      const note = {
        chat_id: id,
        content: 'Late',
        actor: { id: 'sam', name: null },
        client_id: null,
        created_at: at(9),
      }
      expect(await kit.store.addNote(note)).toEqual({ kind: 'no_chat' })
      expect(await kit.all(id)).toEqual([])
    })

    it('does not come back by a late visit, only by a new chat', async () => {
      const id = await chat('u')
      await kit.store.erasePerson('u')
      const person = { id: 'u', email: 'new@example.com', name: 'U' }
      await kit.store.updatePeople([person], at(1))
      expect(await kit.store.findPerson('u')).toBeUndefined()
      await expect(kit.store.openChat('u', uuid(77), at(2))).rejects.toThrow()
      await kit.store.savePeople([person], at(2))
      const opened = await kit.store.openChat('u', uuid(77), at(2))
      expect(opened).toMatchObject({ last_seq: 0, user_email: 'new@example.com' })
      expect(opened.id).not.toBe(id)
    })

    it('has the attributes that the host gave last, in its order, exactly', async () => {
      await chat('u')
      const attributes = { zeta: 'Ünïcode 😀 "quoted" \\ %_', seats: 12, 'a b': true, share: 0.1, alpha: '' }
      const person = { id: 'u', email: 'u@example.com', name: null }
      const read = async () => Object.entries((await kit.store.findPerson('u'))?.attributes ?? {})
      expect(await kit.store.updatePeople([{ ...person, attributes }], at(1))).toEqual(['u'])
      expect(await read()).toEqual(Object.entries(attributes))
      // Not given: they stay, also by the way of a first visit
      await kit.store.savePeople([person, { ...person, id: 'v' }], at(2))
      expect(await read()).toEqual(Object.entries(attributes))
      expect((await kit.store.personalData('u'))?.user.attributes).toEqual(attributes)
      // Replaced as a whole
      await kit.store.savePeople([{ ...person, attributes: { plan: 'Pro' } }], at(3))
      expect(await read()).toEqual([['plan', 'Pro']])
      await kit.store.updatePeople([{ ...person, attributes: {} }], at(4))
      expect(await read()).toEqual([])
      expect((await kit.store.findPerson('v'))?.attributes).toEqual({})
    })

    it('tells by an update whose e-mail address, name or attributes changed', async () => {
      await Promise.all(['u', 'v', 'w', 'x'].map((id) => chat(id)))
      const people = ['u', 'v', 'w', 'x'].map((id) => ({ id, email: `${id}@example.com`, name: null }))
      const [u, v, w, x] = people
      const attributes = { plan: 'Pro' }
      const changed = [
        { ...u!, email: 'new@example.com' },
        { ...v!, name: 'V' },
        { ...w!, attributes },
      ]
      const page_url = 'https://x.example/'
      const nobody = { id: 'nobody', email: 'n@example.com', name: null }
      const update = async (time: string) =>
        (await kit.store.updatePeople([...changed, { ...x!, page_url }, nobody], time)).toSorted()
      expect(await update(at(90))).toEqual(['u', 'v', 'w'])
      expect(await update(at(180))).toEqual([])
      expect(await kit.store.updatePeople([{ ...w!, attributes: { plan: 'Free' } }], at(180))).toEqual(['w'])
      expect(await kit.store.updatePeople([], at(180))).toEqual([])
    })

    it('keeps their address and name at a visit that says nothing of them', async () => {
      await chat('u')
      await kit.store.describePeople([{ id: 'u', email: 'new@example.com', name: 'U' }], at(30))
      const page_url = 'https://x.example/'
      const visit = { id: 'u', email: undefined, name: null, page_url }
      expect(await kit.store.updatePeople([visit], at(90))).toEqual([])
      const now = { email: 'new@example.com', name: 'U', page_url, last_seen_at: at(90) }
      expect(await kit.store.findPerson('u')).toMatchObject(now)
    })

    it('is described anew without a visit', async () => {
      await Promise.all(['u', 'v'].map((id) => chat(id)))
      const page_url = 'https://x.example/'
      await kit.store.updatePeople([{ id: 'u', email: 'u@example.com', name: null, page_url }], at(60))
      const attributes = { plan: 'Pro' }
      const people = [
        { id: 'u', email: 'new@example.com', name: 'U', attributes },
        { id: 'v', email: 'v@example.com', name: null },
        { id: 'nobody', email: 'n@example.com', name: null },
      ]
      expect(await kit.store.describePeople(people, at(600))).toEqual(['u'])
      expect(await kit.store.describePeople(people, at(660))).toEqual([])
      expect(await kit.store.describePeople([], at(660))).toEqual([])
      const described = { email: 'new@example.com', name: 'U', attributes }
      expect(await kit.store.findPerson('u')).toMatchObject({ ...described, page_url, last_seen_at: at(60) })
      expect(await kit.store.findPerson('v')).toMatchObject({ last_seen_at: at(0) })
      expect(await kit.store.findPerson('nobody')).toBeUndefined()
    })

    it('is updated for those who are known', async () => {
      await chat('u')
      const page_url = 'https://x.example/'
      await kit.store.updatePeople([{ id: 'u', email: 'new@example.com', name: 'U', page_url }], at(90))
      await kit.store.updatePeople([{ id: 'u', email: 'new@example.com', name: 'U' }], at(180))
      expect(await kit.store.findPerson('u')).toMatchObject({
        email: 'new@example.com',
        name: 'U',
        page_url,
        first_seen_at: at(0),
        last_seen_at: at(180),
      })
    })
  })
}
