// The format of Server-Sent Events (WHATWG HTML, section 9.2).

import type { Envelope } from '../streams/subscription.ts'

/** @param id the event's position, from which a returning client continues */
export function formatEvent(type: string, data: string, id?: string): string {
  // A line break in `data` would end the field, so each line becomes a separate field; the reader joins them again
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\n${lines.join('')}\n`
}

export const sseEnvelope = (stream: string, epoch: string): Envelope => ({
  key: 'event-stream',
  wrap: ({ type, json, seq }) => formatEvent(type, json, seq === undefined ? undefined : `${seq}/${epoch}/${stream}`),
})

/** The parts of an event's id; empty when this server did not make the id */
export function parseEventId(id: string): { offset?: number; epoch?: string; stream?: string } {
  const [, offset, epoch, stream] = /^(\d{1,15})\/([^/]*)\/(.*)$/.exec(id) ?? []
  return offset === undefined || epoch === undefined || stream === undefined
    ? {}
    : { offset: Number(offset), epoch, stream }
}
