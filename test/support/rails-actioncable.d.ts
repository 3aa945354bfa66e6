// What the tests use of @rails/actioncable, which brings no types.
declare module '@rails/actioncable' {
  export const adapters: { WebSocket: unknown; logger: unknown }
  export interface Subscription {
    perform(action: string, data?: object): boolean
    unsubscribe(): void
  }
  export interface Mixin {
    connected?(event: { reconnected: boolean }): void
    disconnected?(event: { willAttemptReconnect: boolean }): void
    rejected?(): void
    received?(message: { type: string; [field: string]: unknown }): void
  }
  export interface Consumer {
    subscriptions: { create(channel: string | object, mixin: Mixin): Subscription }
    disconnect(): void
    connection: { isOpen(): boolean; monitor: { isRunning(): boolean } }
  }
  export function createConsumer(url: string): Consumer
}
