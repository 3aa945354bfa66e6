import { describe, expect, it } from 'vitest'
import { MemoryExchange } from './memory.ts'
import { natsBus } from './nats.ts'
import { postgresBus } from './postgres.ts'
import { redisBus } from './redis.ts'

describe.each([
  ['memory', (channel: string) => new MemoryExchange().bus(channel)],
  ['redis', (channel: string) => redisBus('redis://localhost', { channel })],
  ['nats', (channel: string) => natsBus('nats://localhost', { channel })],
  ['postgres', (channel: string) => postgresBus('postgres://localhost/app', { channel })],
])('a channel of the %s bus', (_kind, bus) => {
  it.each(['', 'a b', '*', 'a.>', 'a..b', '.a', 'ä', 'a"b', 'x'.repeat(61)])('cannot be %j', (channel) => {
    expect(() => bus(channel)).toThrow('channel')
  })

  it.each(['a', 'deskbell.a-1_x', 'x'.repeat(60)])('can be %j', (channel) => {
    expect(() => bus(channel)).not.toThrow()
  })
})
