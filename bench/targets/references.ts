// The same job done by others: a bare prototype, Socket.IO with Express, Rails, and apps behind the servers of AnyCable and Centrifugo.
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { goProgram, installGoServer, type GoServer } from '../install.ts'
import { referenceTarget } from './reference.ts'
import type { Target } from './target.ts'

const REFERENCES = resolve(import.meta.dirname, '../references')

const node = (file: string) => ({ command: process.execPath, args: [join(REFERENCES, file)] })
const prototype = {
  ...node('prototype/main.ts'),
  dialect: 'actioncable',
  socketPath: '/cable',
  hasRest: false,
  keepsOrder: true,
} as const
const socketio = {
  ...node('socketio/main.ts'),
  dialect: 'socketio',
  socketPath: '/socket.io/?EIO=4&transport=websocket',
  hasRest: true,
} as const
const ANYCABLE: GoServer = {
  name: 'anycable-go',
  module: 'github.com/anycable/anycable-go',
  version: 'v1.5.6',
  path: '/cmd/anycable-go',
}
const CENTRIFUGO: GoServer = {
  name: 'centrifugo',
  module: 'github.com/centrifugal/centrifugo/v6',
  version: 'v6.9.1',
  path: '',
}
const behind = (server: GoServer) => ({
  hasRest: true,
  keepsOrder: true,
  program: goProgram(server),
  missing: () => installGoServer(server),
})
const anycable = {
  ...node('anycable/main.ts'),
  ...behind(ANYCABLE),
  dialect: 'actioncable',
  socketPath: '/cable?token={token}',
} as const
const centrifugo = {
  ...node('centrifugo/main.ts'),
  ...behind(CENTRIFUGO),
  dialect: 'centrifugo',
  socketPath: '/connection/websocket',
} as const

function lacksRails(): string | undefined {
  try {
    execFileSync('ruby', ['-e', 'require "rails"; require "action_cable"; require "pg"; require "puma"'], {
      stdio: 'ignore',
    })
    return undefined
  } catch {
    return 'Rails is not installed (Debian: apt-get install --no-install-recommends ruby-rails ruby-pg puma)'
  }
}

export const references: Target[] = [
  referenceTarget({
    ...prototype,
    name: 'prototype-sqlite',
    title: 'a bare prototype on SQLite: the same frames and group commit, no checks',
    database: 'sqlite',
  }),
  referenceTarget({
    ...socketio,
    name: 'socketio-sqlite',
    title: 'Socket.IO 4 and Express 5 on SQLite, one transaction a message',
    database: 'sqlite',
    keepsOrder: true,
  }),
  referenceTarget({
    ...prototype,
    name: 'prototype-postgres',
    title: 'a bare prototype on PostgreSQL: one statement for everything that waits, no checks',
    database: 'postgres',
  }),
  referenceTarget({
    ...prototype,
    name: 'prototype-mysql',
    title: 'a bare prototype on MariaDB: one transaction for everything that waits, no checks',
    database: 'mysql',
  }),
  referenceTarget({
    ...socketio,
    name: 'socketio-postgres',
    title: 'Socket.IO 4 and Express 5 on PostgreSQL, one transaction a message',
    database: 'postgres',
    keepsOrder: false,
  }),
  referenceTarget({
    name: 'rails-postgres',
    title: 'Rails 6.1 and ActionCable on PostgreSQL',
    database: 'postgres',
    command: 'puma',
    args: ['-C', join(REFERENCES, 'rails/puma.rb'), join(REFERENCES, 'rails/config.ru')],
    dialect: 'actioncable',
    socketPath: '/cable?token={token}',
    hasRest: true,
    keepsOrder: false,
    missing: lacksRails,
  }),
  referenceTarget({
    ...anycable,
    name: 'anycable-sqlite',
    title: 'AnyCable 1.5 and Express 5 on SQLite, one transaction a message',
    database: 'sqlite',
  }),
  referenceTarget({
    ...anycable,
    name: 'anycable-postgres',
    title: 'AnyCable 1.5 and Express 5 on PostgreSQL, one transaction a message',
    database: 'postgres',
  }),
  referenceTarget({
    ...centrifugo,
    name: 'centrifugo-sqlite',
    title: 'Centrifugo 6 and Express 5 on SQLite, one transaction a message',
    database: 'sqlite',
  }),
  referenceTarget({
    ...centrifugo,
    name: 'centrifugo-postgres',
    title: 'Centrifugo 6 and Express 5 on PostgreSQL, one transaction a message',
    database: 'postgres',
  }),
  referenceTarget({
    ...prototype,
    name: 'prototype',
    title: 'the bare prototype without a database',
    database: 'none',
  }),
]
