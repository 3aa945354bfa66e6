import type { Observer } from '../server/ports/observer.ts'

/** One observer that calls several, in order */
export function observers(all: Observer[]): Required<Observer> {
  return {
    sent: (outcome) => all.forEach((one) => one.sent?.(outcome)),
    committed: (batch) => all.forEach((one) => one.committed?.(batch)),
    mail: (mail) => all.forEach((one) => one.mail?.(mail)),
    inboundMail: (outcome) => all.forEach((one) => one.inboundMail?.(outcome)),
    webhook: (webhook) => all.forEach((one) => one.webhook?.(webhook)),
    published: (publication) => all.forEach((one) => one.published?.(publication)),
    rated: (score) => all.forEach((one) => one.rated?.(score)),
    hint: (direction) => all.forEach((one) => one.hint?.(direction)),
    busLost: (error) => all.forEach((one) => one.busLost?.(error)),
    busResumed: () => all.forEach((one) => one.busResumed?.()),
    refused: (code, address) => all.forEach((one) => one.refused?.(code, address)),
  }
}
