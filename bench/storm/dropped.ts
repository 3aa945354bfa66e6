// Connections that the system could not put in a server's queue, and tries again by itself after 1 s, 3 s, 7 s …
import { readFileSync } from 'node:fs'

/** @returns of the whole machine, since the call */
export function dropped(): () => { overflows: number; retransmitted: number } {
  const before = counters()
  return () => {
    const now = counters()
    const since = (name: string): number => (now.get(name) ?? 0) - (before.get(name) ?? 0)
    return { overflows: since('ListenOverflows'), retransmitted: since('TCPSynRetrans') }
  }
}

/** The system has a line of names, and one of values */
function counters(): Map<string, number> {
  const [names = '', values = ''] = readFileSync('/proc/net/netstat', 'utf8').split('\n')
  const numbers = values.split(' ')
  return new Map(names.split(' ').map((name, n) => [name, Number(numbers[n])]))
}
