// 44 mails as programs write them (test/fixtures/inbound-mails), and what comes of each, however it is delivered.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InboundOutcome } from '../../src/server/ports/observer.ts'

export const MAILS = join(import.meta.dirname, '../fixtures/inbound-mails')

/** What joins the chat */
export const WRITTEN: Record<string, string> = {
  'gmail-en': 'It is order 4711.\n\nThe box was empty 📦',
  'gmail-de': 'Es geht um die Bestellung 4711.',
  'gmail-fr': 'Il s’agit de la commande 4711.\nMerci !',
  'gmail-ja': '注文4711です。\nよろしくお願いします。',
  'gmail-words-right-above': 'Thanks!',
  'gmail-android': 'Order 4711',
  'outlook-desktop-en': 'It is order 4711.',
  'outlook-desktop-de': 'Es geht um die Bestellung 4711.\n\nMit freundlichen Grüßen\nAda Lovelace',
  'outlook-desktop-fr-html': 'Il s’agit de la commande 4711.\n\nCordialement,',
  'outlook-web-en': 'It is order 4711.',
  'outlook-web-ja': '注文4711です。',
  'outlook-ios': 'Order 4711',
  'outlook-web-html-only': 'It is order 4711.\n\nAnd 4712.',
  'outlook-old-original-message': 'Order 4711.',
  'apple-mail-en':
    'It is order 4711. The parcel came yesterday in the afternoon, and there was nothing in it at all.\n\nAda',
  'apple-mail-fr': 'C’est la commande 4711.',
  'iphone-de': 'Bestellung 4711',
  'iphone-ja': '注文4711です',
  'ipad-html': 'Order 4711',
  'yahoo-en': 'It is order 4711.',
  'yahoo-fr': 'Commande 4711',
  'thunderbird-below': 'Es geht um die Bestellung 4711.',
  'thunderbird-between': 'Order 4711.\nNothing.',
  'closing-and-postscript': 'Please help.\n\n---\n\nKind regards,\nAda\n\nP.S. It is order 4711.',
  'looks-like-a-header':
    'Hello,\nplease book this:\n\nFrom: Berlin\nTo: Paris\nDate: 24 December 2026\n\nMy details:\nName: Ada\nE-mail: ada@example.com\nPhone: 0123 456',
  proton: 'Order 4711.',
  arabic: 'مرحبا، رقم الطلب هو 4711.',
  'iso-2022-jp': '注文4711です。',
  'windows-1252': 'Die Rechnung über 20 € – bitte schön “prüfen”.',
  forwarded: 'They wrote me this, too:',
  'with-attachment': 'Here is the invoice.',
  'only-attachment': '',
  'signature-picture': 'Order 4711',
  signed: 'Order 4711',
}
/** The files that come with it: name, type and bytes. No other mail has any */
export const FILES: Record<string, string[]> = {
  'with-attachment': ['Rechnung März.pdf application/pdf 8'],
  // It only begins like an image
  'only-attachment': ['photo.jpg application/octet-stream 48'],
}
/** What joins no chat, and why */
export const REFUSED: Record<string, InboundOutcome> = {
  'only-quoted': 'empty',
  'encrypted-pgp': 'encrypted',
  'encrypted-inline': 'encrypted',
  'encrypted-smime': 'encrypted',
  invitation: 'invitation',
  vacation: 'automatic',
  'vacation-exchange': 'automatic',
  bounce: 'automatic',
  'mailing-list': 'automatic',
  'two-senders': 'automatic',
}

/** A mail as it was sent, from one address to another */
export const fixture = (name: string, from: string, reply: string): Buffer =>
  Buffer.from(
    readFileSync(join(MAILS, `${name}.eml`), 'latin1')
      .replaceAll('{from}', from)
      .replaceAll('{reply}', reply),
    'latin1',
  )
