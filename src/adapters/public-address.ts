// Which addresses belong to the public internet.
import { BlockList, isIPv4 } from 'node:net'

/** IPv4: IANA's special-purpose registry (RFC 6890), multicast and reserved; and 168.63.129.16, Azure's service for its machines */
const NOT_PUBLIC_4 = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32`

/** IPv6: of the global unicast addresses, those of protocols, documentation, and tunnels with an IPv4 address in them (6to4, Teredo) */
const PUBLIC_6 = '2000::/3'
const NOT_PUBLIC_6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20'

const notPublic4 = blockList('ipv4', NOT_PUBLIC_4)
const public6 = blockList('ipv6', PUBLIC_6)
const notPublic6 = blockList('ipv6', NOT_PUBLIC_6)

/** @param address an IP address, without brackets. Anything else counts as not public */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublic4.check(address, 'ipv4')
  // Everything else that contains an IPv4 address, such as ::ffff:127.0.0.1 and 64:ff9b::7f00:1, is outside of 2000::/3 too
  return public6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6')
}

function blockList(family: 'ipv4' | 'ipv6', subnets: string): BlockList {
  const list = new BlockList()
  for (const subnet of subnets.trim().split(/\s+/)) {
    const [network = '', bits] = subnet.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}
