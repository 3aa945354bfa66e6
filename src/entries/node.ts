/**
 * `deskbell`: the chat in a Node server, with everything that comes with the package: stores, buses and mailers. A driver is loaded
 * when something is made that needs it, not before.
 *
 * @example
 * import { createServer } from 'node:http'
 * import { createDeskbell, mailboxMailer, sqliteStore } from 'deskbell'
 *
 * const store = await sqliteStore('deskbell.db')
 * const deskbell = createDeskbell({ store, mailer: mailboxMailer(store), secret, publicUrl: 'https://example.com' })
 * createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(3000)
 *
 * @module
 */
export { createDeskbell, type Deskbell } from '../adapters/node.ts'
export { peerOf } from '../adapters/node-socket.ts'
export { folderBlobs } from '../blobs/folder.ts'
export { s3Blobs, type S3Options } from '../blobs/s3.ts'
export type { BusOptions } from '../buses/address.ts'
export { natsBus, type NatsConnection } from '../buses/nats.ts'
export { postgresBus, type ConfiguredPool } from '../buses/postgres.ts'
export { redisBus, type RedisClient } from '../buses/redis.ts'
export { mailboxMailer } from '../mailers/mailbox.ts'
export { postmarkEvents, type PostmarkEventsOptions } from '../mailers/events/postmark.ts'
export { resendEvents, type ResendEventsOptions } from '../mailers/events/resend.ts'
export { sendgridEvents, type SendgridEventsOptions } from '../mailers/events/sendgrid.ts'
export { sesEvents } from '../mailers/events/ses.ts'
export type { AwsCredentials, AwsKeys } from '../services/aws.ts'
export { resendInbound, type ResendInboundOptions } from '../mailers/inbound/resend.ts'
export { sesInbound, type SesInboundOptions } from '../mailers/inbound/ses.ts'
export type { MailBucket } from '../mailers/inbound/s3-object.ts'
export type { Get, SnsTopicOptions } from '../mailers/proof/sns.ts'
export type { Sender } from '../mailers/sender.ts'
export { postmarkMailer, type PostmarkOptions } from '../mailers/postmark.ts'
export { resendMailer, type ResendOptions } from '../mailers/resend.ts'
export { sendgridMailer, type SendgridOptions } from '../mailers/sendgrid.ts'
export { sesMailer, type SesOptions } from '../mailers/ses.ts'
export { smtpMailer, type SmtpOptions } from '../mailers/smtp.ts'
export { transporterMailer, type TransporterOptions } from '../mailers/transporter.ts'
export { ablyPublisher, type AblyOptions } from '../publishers/ably.ts'
export { firebasePublisher, type FirebaseOptions, type ServiceAccount } from '../publishers/firebase.ts'
export { pusherPublisher, type PusherOptions } from '../publishers/pusher.ts'
export { socketIoPublisher, type SocketIoEmitter, type SocketIoListeners } from '../publishers/socket-io.ts'
export { supabasePublisher, type SupabaseOptions } from '../publishers/supabase.ts'
export { mongoMigrations, mongoStore, type MongoDb, type MongoOptions } from '../stores/mongo.ts'
export { mysqlMigrations, mysqlStore, type MysqlOptions, type MysqlPool } from '../stores/mysql.ts'
export { postgresMigrations, postgresStore, type PostgresOptions, type PostgresPool } from '../stores/postgres.ts'
export { sqliteMigrations, sqliteStore, type SqliteConnection, type SqliteOptions } from '../stores/sqlite.ts'
export * from './core.ts'
