import { expect, it } from 'vitest'
import { MemoryAddressBar } from '../testing/memory-address-bar.ts'
import { Navigation, parseRoute, type Route } from './navigation.ts'

it.each<[string, Partial<Route>]>([
  ['', {}],
  ['?', {}],
  ['?archived=true', { archived: true }],
  ['?archived=1', {}],
  ['?chat=c1', { chat: 'c1' }],
  ['?chat=', {}],
  ['?chat=a%26b%3Dc', { chat: 'a&b=c' }],
  ['?chat=0199AB%20', { chat: '0199ab' }],
  ['?chat=c1&at=7', { chat: 'c1', at: 7 }],
  ['?archived=true&chat=c1&at=123456789', { archived: true, chat: 'c1', at: 123456789 }],
  ['?assignee=me', { assignee: 'me' }],
  ['?assignee=none&chat=c1', { assignee: 'none', chat: 'c1' }],
  ['?assignee=sam', {}],
  ['?tag=VIP', { tag: 'vip' }],
  ['?tag=two+words&archived=true', { archived: true, tag: 'two words' }],
  ['?tag=vip&assignee=me', { assignee: 'me' }],
  ['?tag=+,', {}],
  ['?waiting=true', { waiting: true }],
  ['?waiting=true&archived=true', { archived: true }],
  ['?waiting=true&assignee=me', { assignee: 'me' }],
  ['?waiting=1', {}],
  ['?chat=c1&at=0', { chat: 'c1' }],
  ['?chat=c1&at=-1', { chat: 'c1' }],
  ['?chat=c1&at=1.5', { chat: 'c1' }],
  ['?chat=c1&at=1e3', { chat: 'c1' }],
  ['?chat=c1&at=1234567890', { chat: 'c1' }],
  ['?chat=c1&at=x', { chat: 'c1' }],
  ['?unknown=1&chat=c1', { chat: 'c1' }],
  ['?page=account', { page: 'account' }],
  ['?page=account&archived=true', { page: 'account', archived: true }],
  ['?page=nothing', {}],
  ['?page=account&chat=c1', { chat: 'c1' }],
])('the address %s is the route %j', (search, route) => {
  expect(parseRoute(search)).toEqual({
    archived: false,
    assignee: null,
    tag: null,
    waiting: false,
    chat: null,
    at: null,
    page: null,
    ...route,
  })
})

it.each<Route>([
  { archived: false, assignee: null, tag: null, waiting: true, chat: 'c1', at: null, page: null },
  { archived: true, assignee: null, tag: null, waiting: false, chat: null, at: null, page: null },
  { archived: false, assignee: null, tag: null, waiting: false, chat: 'a&b=c ü', at: null, page: null },
  { archived: true, assignee: null, tag: 'a&b=c ü', waiting: false, chat: 'c1', at: null, page: null },
  { archived: true, assignee: 'me', tag: null, waiting: false, chat: 'c1', at: 40, page: null },
  { archived: true, assignee: null, tag: null, waiting: false, chat: null, at: null, page: 'account' },
])('the route %j has an address that leads to it', (route) => {
  expect(parseRoute(new Navigation(new MemoryAddressBar()).href(route))).toEqual(route)
})

it('the plain dashboard has a bare address', () => {
  const navigation = new Navigation(new MemoryAddressBar('?chat=c1'))
  expect(
    navigation.href({ archived: false, assignee: null, tag: null, waiting: false, chat: null, at: null, page: null }),
  ).toBe('/support/dashboard')
})

it('begins where the address says, and each step is one that Back undoes', () => {
  const bar = new MemoryAddressBar('?archived=true')
  const navigation = new Navigation(bar)
  expect(navigation.route.value).toEqual({
    archived: true,
    assignee: null,
    tag: null,
    waiting: false,
    chat: null,
    at: null,
    page: null,
  })
  navigation.navigate({ chat: 'c1', at: 7 })
  navigation.navigate({ archived: false })
  expect(bar.entries).toEqual(['?archived=true', '?archived=true&chat=c1&at=7', '?chat=c1&at=7'])
  bar.go(-1)
  expect(navigation.route.value).toEqual({
    archived: true,
    assignee: null,
    tag: null,
    waiting: false,
    chat: 'c1',
    at: 7,
    page: null,
  })
  bar.go(-1)
  expect(navigation.route.value).toEqual({
    archived: true,
    assignee: null,
    tag: null,
    waiting: false,
    chat: null,
    at: null,
    page: null,
  })
  bar.go(2)
  expect(navigation.route.value).toEqual({
    archived: false,
    assignee: null,
    tag: null,
    waiting: false,
    chat: 'c1',
    at: 7,
    page: null,
  })
})

it('to another chat leaves the message of the old one', () => {
  const navigation = new Navigation(new MemoryAddressBar('?chat=c1&at=7'))
  navigation.navigate({ chat: 'c2' })
  expect(navigation.route.value).toEqual({
    archived: false,
    assignee: null,
    tag: null,
    waiting: false,
    chat: 'c2',
    at: null,
    page: null,
  })
  navigation.navigate({ at: 3 })
  expect(navigation.route.value.at).toBe(3)
  navigation.navigate({ chat: null })
  expect(navigation.route.value.at).toBeNull()
})

it('to a page leaves the chat, and to a chat leaves the page; Back undoes either', () => {
  const bar = new MemoryAddressBar('?chat=c1&at=7')
  const navigation = new Navigation(bar)
  navigation.navigate({ page: 'account' })
  expect(navigation.route.value).toEqual({
    archived: false,
    assignee: null,
    tag: null,
    waiting: false,
    chat: null,
    at: null,
    page: 'account',
  })
  navigation.navigate({ archived: true })
  expect(navigation.route.value.page).toBe('account')
  navigation.navigate({ chat: 'c2' })
  expect(bar.entries).toEqual([
    '?chat=c1&at=7',
    '?page=account',
    '?archived=true&page=account',
    '?archived=true&chat=c2',
  ])
  bar.go(-3)
  expect(navigation.route.value).toEqual({
    archived: false,
    assignee: null,
    tag: null,
    waiting: false,
    chat: 'c1',
    at: 7,
    page: null,
  })
})

it('to where one is adds nothing to the history', () => {
  const bar = new MemoryAddressBar('?chat=c1')
  const navigation = new Navigation(bar)
  const before = navigation.route.value
  navigation.navigate({ chat: 'c1' })
  navigation.navigate({})
  expect(bar.entries).toHaveLength(1)
  expect(navigation.route.value).toBe(before)
})

it('listens no longer once it is closed', () => {
  const bar = new MemoryAddressBar()
  const navigation = new Navigation(bar)
  navigation.navigate({ chat: 'c1' })
  navigation.close()
  bar.go(-1)
  expect(navigation.route.value.chat).toBe('c1')
})

it('to a tag leaves whose chats were shown, and the other way round', () => {
  const navigation = new Navigation(new MemoryAddressBar('?assignee=me&chat=c1'))
  navigation.navigate({ tag: 'vip' })
  expect(navigation.route.value).toMatchObject({ assignee: null, tag: 'vip', chat: 'c1' })
  navigation.navigate({ assignee: 'none' })
  expect(navigation.route.value).toMatchObject({ assignee: 'none', tag: null })
  navigation.navigate({ assignee: null, chat: null })
  expect(navigation.route.value).toMatchObject({ assignee: null, tag: null })
})
