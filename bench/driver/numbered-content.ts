// Every message says in its text whose it is: `#run:sender:number# …`. So arrivals, and rows in a database, can be told apart.

const FILLER = 'The quick brown fox asks whether the invoice for last month can be sent again, please. '.repeat(20)

export interface MessageNumber {
  sender: number
  number: number
}

/** Messages of one run of the driver */
export class NumberedContents {
  readonly run = Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
  /** How each content of this run begins */
  readonly mark = `#${this.run}:`
  readonly #size: number

  /** @param size characters of a message */
  constructor(size: number) {
    this.#size = size
  }

  write(sender: number, number: number): string {
    const head = `${this.mark}${sender}:${number}# `
    return (head + FILLER).slice(0, Math.max(this.#size, head.length))
  }

  /** @param text anything that quotes the content; undefined when it quotes none of this run */
  read(text: string): MessageNumber | undefined {
    const at = text.indexOf(this.mark)
    if (at < 0) return undefined
    const start = at + this.mark.length
    const colon = text.indexOf(':', start)
    const end = text.indexOf('#', colon)
    return { sender: Number(text.slice(start, colon)), number: Number(text.slice(colon + 1, end)) }
  }
}
