import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address.ts'

describe('an address', () => {
  it.each([
    '1.1.1.1',
    '93.184.216.34',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('is public: %s', (address) => expect(isPublicAddress(address)).toBe(true))
  it.each([
    ['loopback', '127.0.0.1', '127.255.0.1', '::1', '0.0.0.0', '::'],
    ['of a private network', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd00:ec2::254'],
    ['link-local', '169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
    ['of a carrier', '100.64.0.1', '100.100.100.200', '100.127.255.255'],
    ['of a cloud’s own services', '168.63.129.16', '192.0.0.192'],
    [
      'an IPv4 address in IPv6',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:8.8.8.8',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
    ],
    ['an IPv4 address in a tunnel', '2002:7f00:1::', '2001:0:7f00:1::'],
    ['for documentation, multicast, broadcast', '192.0.2.1', '2001:db8::1', '224.0.0.1', 'ff02::1', '255.255.255.255'],
    ['no address', '', 'localhost', '127.1', '0x7f000001', '[::1]'],
  ])('is not public: %s', (_what, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([])
  })
})
