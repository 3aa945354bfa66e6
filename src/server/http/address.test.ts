import { describe, expect, it } from 'vitest'
import { clientAddress } from './address.ts'

const ask = (address: string | undefined, trusted = 0, forwarded?: string) =>
  clientAddress(
    new Request('http://x/', forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } }),
    { address },
    trusted,
  )

describe('the address of a request', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::FFFF:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(ask(address)).toBe(key)
  })

  it('is what the nearest trusted proxy says where the runtime says nothing, and unknown without one', () => {
    expect(ask(undefined, 0, '1.2.3.4')).toBeUndefined()
    expect(ask(undefined, 1, 'forged, 1.2.3.4')).toBe('1.2.3.4')
    expect(ask(undefined, 2, 'forged, 1.2.3.4, 5.6.7.8')).toBe('1.2.3.4')
    expect(ask(undefined, 1, '')).toBeUndefined()
  })

  it.each([
    [0, '1.1.1.1, 2.2.2.2', '9.9.9.9'],
    [1, '1.1.1.1, 2.2.2.2', '2.2.2.2'],
    [2, '1.1.1.1, 2.2.2.2', '1.1.1.1'],
    [3, '1.1.1.1, 2.2.2.2', '1.1.1.1'],
    [1, 'forged, 2.2.2.2', '2.2.2.2'],
    [1, ' ,, 2.2.2.2 ,', '2.2.2.2'],
    [1, '', '9.9.9.9'],
    [1, '2.2.2.2:4711', '2.2.2.2'],
    [1, '[2001:db8::7]:4711', '2001:db8:0:0::/64'],
    [1, 'unknown', 'unknown'],
  ])('behind %i proxies and with %j is %s', (trusted, forwarded, key) => {
    expect(ask('9.9.9.9', trusted, forwarded)).toBe(key)
  })

  it('keeps no long word of a stranger', () => {
    expect(ask('9.9.9.9', 1, 'x'.repeat(10_000))).toHaveLength(64)
  })
})
