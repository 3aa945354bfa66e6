// What a person wrote in a mail: without the mails that it quotes, and without the lines that programs add below.

/** The line in our mails above which people answer. Its ends are the same in every language */
export const markerLine = (words: string): string => `##- ${words} -##`

function isMarker(line: string): boolean {
  const start = line.indexOf('##-')
  return start !== -1 && line.includes('-##', start + 3)
}

/** Characters of a mail that are read: what somebody wrote comes first, and below it are old mails */
const MOST_READ = 1_000_000

const QUOTED = /^\s*>/
/** RFC 3676 section 4.3. Some programs drop its space */
const SIGNATURE = /^-- ?$/

/** The first word of the header that Outlook and others put above a mail that they quote, and of the lines that follow it */
const FROM =
  /^[\s*]*(from|von|de|da|van|fra|från|lähettäjä|od|kimden|от|від|差出人|发件人|寄件者|보낸 사람|من)\s*[:：]/iu
const FURTHER =
  /^[\s*]*(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado( el)?|fecha|para|asunto|inviato|data|oggetto|verzonden|aan|onderwerp|sendt|til|emne|skickat|till|ämne|lähetetty|vastaanottaja|aihe|wysłano|do|temat|gönderildi|kime|konu|отправлено|кому|тема|送信日時|宛先|件名|日時|发送时间|收件人|主题|日期|傳送日期|보낸 날짜|받는 사람|제목)\s*[:：]/iu
/** How many lines below `FROM` belong to it */
const HEADER_LINES = 4
const ORIGINAL =
  /^[\s>]*-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d[’']origine|message transféré|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig meddelelse|ursprungligt meddelande|alkuperäinen viesti|wiadomość oryginalna|исходное сообщение|元のメッセージ|原始邮件|원본 메시지)\s*-{2,}\s*$/iu
/** Outlook's line above that header */
const RULE = /^\s*_{10,}\s*$/

/** “On DATE, NAME wrote:” in any language: it ends in a colon, and has an address, or a time of day */
const COLON = /[:：]\s*$/u
const ADDRESS_OR_TIME = /@|\d{1,2}\s?[:.h時시点]\s?\d{2}/u
/** The same where nothing marks what follows as quoted, so more must be sure */
const WROTE =
  /\b(wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|kirjoitti|napisał\(?a?\)?|yazdı)\b|писал|пише|写道|寫道|メッセージ|書きました|작성/iu
/** Lines that such a sentence takes up at most */
const SENTENCE_LINES = 4

/** How such a sentence begins where it takes several lines */
const OPENING =
  /^\s*(on|am|le|el|il|em|op|den|dnia|w dniu|pe|ma|ti|ke|to|la|su|в|у|пн|вт|ср|чт|пт|сб|вс|在|于|\d{1,4}[-/.年])[\s\d,.]/iu

/** What phones and programs write below a mail, alone on its line */
const FOOTER =
  /^(sent from|sent via|sent with|get outlook for|von meinem .* gesendet|gesendet (von|mit|über)|diese nachricht wurde von meinem|outlook für .* (herunterladen|beziehen)|holen sie sich outlook|envoyé (de|depuis|à partir de|avec)|télécharger outlook|obtenir outlook|enviado (desde|do|com)|obtener outlook|inviato (da|con)|scarica outlook|verzonden (vanaf|vanuit|met)|verstuurd vanaf|skickat från|sendt fra|lähetetty|wysłan[eo] z|отправлено (с|из)|yahoo mail[:：]?|iPhoneから送信|iPadから送信|.*から送信|发自我的|從我的.*傳送|나의 .*에서 보냄)/iu

/**
 * The text that a person wrote, trimmed. Lines that are marked as quoted go, wherever they are, so that answers above, below and between
 * them stay. What follows a line that begins an unmarked quotation goes as a whole. A closing such as “Kind regards” stays: what
 * people write below it counts.
 *
 * @param text a mail's plain text, or its HTML as text
 */
export function writtenText(text: string): string {
  const all = text
    .slice(0, MOST_READ)
    .replaceAll('\u00A0', ' ')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
  const lines = withoutSentence(all.slice(0, endOf(all)), all)
  const kept = lines.filter((line) => !QUOTED.test(line))
  const signature = kept.findIndex((line, index) => index > 0 && SIGNATURE.test(line))
  return withoutFooters(signature === -1 ? kept : kept.slice(0, signature))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Where an unmarked quotation begins; the number of lines where there is none */
function endOf(lines: string[]): number {
  const end = lines.findIndex((line, index) => {
    if (QUOTED.test(line)) return false
    if (isMarker(line) || ORIGINAL.test(line)) return true
    const next = lines.slice(index + 1, index + 1 + HEADER_LINES)
    if (RULE.test(line)) return next.some((one) => FROM.test(one))
    if (FROM.test(line) && line.includes('@')) return next.filter((one) => FURTHER.test(one)).length > 1
    return WROTE.test(line) && COLON.test(line) && isSentence(lines, index) && !isBeforeQuoted(lines, index)
  })
  return end === -1 ? lines.length : end
}

/** Whether the lines up to this one, of one paragraph, are “On DATE, NAME wrote:” */
const isSentence = (lines: string[], last: number): boolean =>
  ADDRESS_OR_TIME.test(lines.slice(sentenceStart(lines, last), last + 1).join(' '))

function sentenceStart(lines: string[], last: number): number {
  let start = last
  while (start > 0 && last - start < SENTENCE_LINES - 1 && isText(lines[start - 1])) start--
  return start
}

const isText = (line: string | undefined): boolean => line !== undefined && line.trim() !== '' && !QUOTED.test(line)

/** Only empty lines are between this line and a quoted one */
function isBeforeQuoted(lines: string[], index: number): boolean {
  let next = index + 1
  while (lines[next]?.trim() === '') next++
  return QUOTED.test(lines[next] ?? '')
}

/** Takes out the sentence above the first quotation, be that marked or cut off */
function withoutSentence(lines: string[], all: string[]): string[] {
  const quoted = lines.findIndex((line) => QUOTED.test(line))
  const before = quoted === -1 ? (lines.length < all.length ? lines.length : -1) : quoted
  let last = before - 1
  while (last >= 0 && lines[last]?.trim() === '') last--
  if (last < 0 || !COLON.test(lines[last] ?? '') || !isSentence(lines, last)) return lines
  return lines.toSpliced(firstOf(lines, last), last - firstOf(lines, last) + 1)
}

/** Where the sentence begins. What the person wrote right above it, without an empty line, is theirs */
function firstOf(lines: string[], last: number): number {
  for (let first = sentenceStart(lines, last); first < last; first++) {
    if (OPENING.test(lines[first] ?? '')) return first
  }
  return last
}

function withoutFooters(lines: string[]): string[] {
  let end = lines.length
  while (end > 0) {
    const line = lines[end - 1]?.trim() ?? ''
    if (line !== '' && !(FOOTER.test(line) && line.length < 120 && (end === 1 || lines[end - 2]?.trim() === ''))) break
    end--
  }
  return lines.slice(0, end)
}
