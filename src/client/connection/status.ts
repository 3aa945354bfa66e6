/**
 * How the connection to the server looks to a person: `reconnecting` comes back by itself within moments, `offline` may take
 * longer.
 */
export type ConnectionStatus = 'connecting' | 'connected' | 'reconnecting' | 'offline'
