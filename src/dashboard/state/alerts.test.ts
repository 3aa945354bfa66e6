import { signal } from '@preact/signals'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../testing/fake-clock.ts'
import { at, chatOf } from '../testing/memory-chats.ts'
import { MemoryDesktop, MemoryTabs } from '../testing/memory-desktop.ts'
import { Alerts } from './alerts.ts'

let clock: FakeClock
let tabs: MemoryTabs
let opened: string[]
/** Colleagues who have the desk open */
let here: Set<string>
/** Who looks, as far as known */
let me: string | null
beforeEach(() => {
  me = 'me'
  clock = new FakeClock(Date.parse(at(0)))
  tabs = new MemoryTabs(clock)
  opened = []
  here = new Set(['kim'])
})

/** One tab, which began to load at minute 11, and in which nobody is */
function tab({ canRing = true, isClockKnown = (): boolean => true } = {}) {
  const desktop = new MemoryDesktop()
  desktop.permission.value = 'granted'
  const preferences = { desktop: signal(true), sound: signal(true) }
  const isAttended = signal(false)
  const openChat = signal<string | null>(null)
  let sounds = 0
  const alerts = new Alerts({
    preferences,
    isAttended,
    openChat,
    colleagueOf: ({ assignee }) => (assignee === null || assignee.id === me ? null : assignee.id),
    isHere: async (colleague) => here.has(colleague),
    since: () => (isClockKnown() ? Date.parse(at(11)) : null),
    desktop,
    tabs: tabs.tab(),
    canChime: () => canRing,
    chime: () => {
      sounds++
    },
    describe: (chats) => ({ title: chats.map(({ user_id: id }) => id).join(' '), body: '' }),
    open: (chat) => opened.push(chat),
  })
  alerts.listed([chatOf('ada', 11), chatOf('old', 3)])
  return {
    alerts,
    desktop,
    preferences,
    isAttended,
    openChat,
    sounds: () => sounds,
    titles: () => [...desktop.shown.values()].map(({ title }) => title),
  }
}
/** What has been told of by now */
const told = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('what is news', () => {
  it('is a message of a user that was not there when the page was loaded', async () => {
    const { alerts, titles, sounds } = tab()
    // Of the first list, and of a page further down
    alerts.listed([chatOf('ada', 11), chatOf('older', 1)])
    // Somebody restored it; nothing was written
    alerts.changed(chatOf('older', 1))
    alerts.changed(chatOf('forgotten', 2))
    await told()
    expect([titles(), sounds()]).toEqual([[], 0])
    alerts.changed(chatOf('ada', 12))
    alerts.changed(chatOf('new', 13))
    await told()
    expect([titles(), sounds()]).toEqual([['ada', 'new'], 1])
    // The same rows, with something else changed, and an older answer
    alerts.changed(chatOf('ada', 12, { user_name: 'Ada' }))
    alerts.listed([chatOf('ada', 11), chatOf('new', 13)])
    await clock.advance(10_000)
    await told()
    expect(sounds()).toBe(1)
  })

  it('is told of by the list, where an event comes before the time of the server is known', async () => {
    let isClockKnown = false
    const { alerts, titles } = tab({ isClockKnown: () => isClockKnown })
    alerts.changed(chatOf('new', 13))
    await told()
    expect(titles()).toEqual([])
    isClockKnown = true
    alerts.listed([chatOf('new', 13), chatOf('ada', 11)])
    await told()
    expect(titles()).toEqual(['new'])
  })

  it('is no reply of staff, nothing that was viewed already, and nothing in the archive', async () => {
    const { alerts, titles, sounds } = tab()
    alerts.changed(chatOf('ada', 12, { last_message_sender: 'admin', unread: false }))
    alerts.changed(chatOf('bob', 12, { unread: false }))
    alerts.changed(chatOf('cyd', 12, { archived: true }))
    alerts.changed(chatOf('dan', 12, { last_message_at: null, last_message_sender: null, unread: false }))
    await told()
    expect([titles(), sounds()]).toEqual([[], 0])
  })

  it('is what comes in a chat of a colleague who is not there, and stays so until somebody else gets the chat', async () => {
    const { alerts, titles } = tab()
    const of = (id: string) => ({ assignee: { id, name: null } })
    here.clear()
    alerts.listed([chatOf('ada', 12, of('kim')), chatOf('bob', 12, of('lee'))])
    alerts.changed(chatOf('cyd', 12, of('kim')))
    await told()
    expect(titles()).toEqual(['ada', 'bob', 'cyd'])
    here.add('kim')
    alerts.changed(chatOf('ada', 13, of('kim')))
    alerts.changed(chatOf('bob', 13, of('lee')))
    alerts.changed(chatOf('dan', 13, of('kim')))
    await told()
    // What was told of before kim came stays: she did not hear of it
    expect(titles()).toEqual(['ada', 'bob', 'cyd'])
    alerts.changed(chatOf('bob', 13, of('kim')))
    expect(titles()).toEqual(['ada', 'cyd'])
  })

  it('is nothing in a chat that was given to a colleague while it was asked who is there', async () => {
    const { alerts, titles } = tab()
    const of = (id: string) => ({ assignee: { id, name: null } })
    alerts.changed(chatOf('ada', 12, of('lee')))
    alerts.changed(chatOf('ada', 12, of('kim')))
    await told()
    expect(titles()).toEqual([])
  })

  it('is nothing in a chat of a colleague who is there, until it is given to whoever looks, or to nobody', async () => {
    const { alerts, titles } = tab()
    const of = (id: string) => ({ assignee: { id, name: null } })
    alerts.changed(chatOf('ada', 12, of('kim')))
    alerts.changed(chatOf('bob', 12, of('me')))
    await told()
    expect(titles()).toEqual(['bob'])
    alerts.changed(chatOf('bob', 12, of('kim')))
    expect(titles()).toEqual([])
    alerts.changed(chatOf('ada', 13, of('me')))
    alerts.changed(chatOf('bob', 13))
    await told()
    expect(titles()).toEqual(['ada', 'bob'])
  })

  it('is what came while the page was loading, by an event or in the first list', async () => {
    const { alerts, titles } = tab()
    alerts.changed(chatOf('bob', 12))
    alerts.listed([chatOf('cyd', 13), chatOf('bob', 12), chatOf('old', 3)])
    await told()
    expect(titles()).toEqual(['bob', 'cyd'])
  })

  it('is what comes in a chat of whoever looks, before the server has said who that is', async () => {
    const { alerts, titles } = tab()
    me = null
    here.add('me')
    alerts.changed(chatOf('ada', 12, { assignee: { id: 'me', name: null } }))
    me = 'me'
    await told()
    expect(titles()).toEqual(['ada'])
  })

  it('is what came while the connection was away', async () => {
    const { alerts, titles } = tab()
    alerts.listed([chatOf('new', 14), chatOf('ada', 12), chatOf('old', 3)])
    await told()
    expect(titles()).toEqual(['new', 'ada'])
  })
})

describe('somebody who is there', () => {
  it('hears messages of other chats, and sees no notification', async () => {
    const { alerts, isAttended, openChat, titles, sounds } = tab()
    isAttended.value = true
    openChat.value = 'chat ada'
    alerts.changed(chatOf('ada', 12))
    await told()
    expect(sounds()).toBe(0)
    alerts.changed(chatOf('bob', 12))
    await told()
    expect([titles(), sounds()]).toEqual([[], 1])
  })

  it('is told of nothing by a tab that they do not look at', async () => {
    const [front, back] = [tab(), tab()]
    front.isAttended.value = true
    front.openChat.value = 'chat ada'
    back.alerts.changed(chatOf('ada', 12))
    await told()
    expect([back.titles(), back.sounds()]).toEqual([[], 0])
    front.isAttended.value = false
    back.alerts.changed(chatOf('ada', 13))
    await told()
    expect([back.titles(), back.sounds()]).toEqual([['ada'], 1])
  })

  it('comes back to a desktop without notifications', async () => {
    const { alerts, isAttended, titles } = tab()
    alerts.changed(chatOf('ada', 12))
    alerts.changed(chatOf('bob', 12))
    await told()
    expect(titles()).toEqual(['ada', 'bob'])
    isAttended.value = true
    expect(titles()).toEqual([])
  })

  it('comes back to any tab, and the notifications of all are gone', async () => {
    const [front, back] = [tab(), tab()]
    back.alerts.changed(chatOf('ada', 12))
    await told()
    expect(back.titles()).toEqual(['ada'])
    front.isAttended.value = true
    expect(back.titles()).toEqual([])
    front.alerts.close()
    back.alerts.close()
  })

  it('comes back, or reads it elsewhere, while the tabs agree who tells of it', async () => {
    const [front, back] = [tab(), tab()]
    back.alerts.changed(chatOf('ada', 12))
    back.isAttended.value = true
    await told()
    back.isAttended.value = false
    back.alerts.changed(chatOf('bob', 12))
    front.isAttended.value = true
    await told()
    front.isAttended.value = false
    back.alerts.changed(chatOf('cyd', 12))
    back.alerts.changed(chatOf('cyd', 12, { unread: false }))
    back.alerts.changed(chatOf('dan', 12))
    back.alerts.erased('chat dan')
    await told()
    expect([back.titles(), back.sounds()]).toEqual([[], 0])
    back.alerts.changed(chatOf('eve', 12))
    back.alerts.changed(chatOf('eve', 13))
    await told()
    expect([...back.desktop.shown.values()].map(({ title }) => title)).toEqual(['eve'])
  })
})

describe('a notification', () => {
  it('comes from one tab of several', async () => {
    const all = [tab(), tab(), tab()]
    for (const { alerts } of all) alerts.changed(chatOf('ada', 12))
    await told()
    expect(all.flatMap(({ titles }) => titles())).toEqual(['ada'])
    expect(all.reduce((sum, { sounds }) => sum + sounds(), 0)).toBe(1)
  })

  it('is left to a tab that can tell of it', async () => {
    const [mute, loud] = [tab({ canRing: false }), tab()]
    for (const { preferences } of [mute, loud]) preferences.desktop.value = false
    for (const { alerts } of [mute, loud]) alerts.changed(chatOf('ada', 12))
    await told()
    expect(loud.sounds()).toBe(1)
  })

  it('has one sound with others of a moment, in whichever tabs they are', async () => {
    const [one, two] = [tab(), tab()]
    one.alerts.changed(chatOf('ada', 12))
    two.alerts.changed(chatOf('bob', 12))
    await told()
    expect([one.titles(), two.titles(), one.sounds() + two.sounds()]).toEqual([['ada'], ['bob'], 1])
    await clock.advance(3_000)
    two.alerts.changed(chatOf('bob', 13))
    await told()
    expect(one.sounds() + two.sounds()).toBe(2)
  })

  it('goes when the chat was viewed, archived or erased, and opens the chat when it is clicked', async () => {
    const { alerts, desktop, titles } = tab()
    for (const name of ['ada', 'bob', 'cyd', 'dan']) alerts.changed(chatOf(name, 12))
    await told()
    desktop.shown.get('chat dan')?.clicked()
    expect(opened).toEqual(['chat dan'])
    alerts.changed(chatOf('ada', 12, { unread: false }))
    alerts.changed(chatOf('bob', 12, { archived: true }))
    alerts.erased('chat cyd')
    expect(titles()).toEqual(['dan'])
    alerts.close()
    expect(titles()).toEqual([])
  })

  it('is one for many chats, which stays until the last of them was viewed', async () => {
    const { alerts, titles, desktop } = tab()
    const names = ['ada', 'bob', 'cyd', 'dan', 'eve']
    for (const name of names) alerts.changed(chatOf(name, 12))
    await told()
    expect(titles()).toEqual(['ada bob cyd dan eve'])
    for (const name of names.slice(1)) alerts.changed(chatOf(name, 12, { unread: false }))
    expect(titles()).toHaveLength(1)
    alerts.changed(chatOf('ada', 12, { unread: false }))
    expect(titles()).toEqual([])
    // What the person took away themselves is not counted either
    for (const name of names.slice(1)) alerts.changed(chatOf(name, 13))
    await told()
    for (const notice of desktop.shown.values()) notice.gone()
    desktop.shown.clear()
    alerts.changed(chatOf('new', 13))
    await told()
    expect(titles()).toEqual(['new'])
  })

  it('is shown where the person wants it and the browser lets it, and the sound where they want that', async () => {
    const { alerts, preferences, desktop, titles, sounds } = tab()
    desktop.permission.value = 'denied'
    preferences.sound.value = false
    alerts.changed(chatOf('ada', 12))
    await told()
    desktop.permission.value = 'granted'
    preferences.desktop.value = false
    alerts.changed(chatOf('ada', 13))
    await told()
    expect([titles(), sounds()]).toEqual([[], 0])
    preferences.desktop.value = true
    alerts.changed(chatOf('ada', 14))
    await told()
    expect(titles()).toEqual(['ada'])
    expect(desktop.shown.get('chat ada')?.silent).toBe(true)
  })

  it('has the desktop’s sound where the page may not play its own', async () => {
    const quiet = tab({ canRing: false })
    quiet.alerts.changed(chatOf('ada', 12))
    await told()
    expect(quiet.desktop.shown.get('chat ada')?.silent).toBe(false)
    // All tabs share a moment's sound
    await clock.advance(3_000)
    const loud = tab()
    loud.alerts.changed(chatOf('bob', 12))
    loud.alerts.changed(chatOf('cyd', 12))
    await told()
    // One sound is enough for both
    expect([...loud.desktop.shown.values()].map(({ silent }) => silent)).toEqual([true, true])
    expect(loud.sounds()).toBe(1)
  })
})
