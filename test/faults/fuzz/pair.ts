// A user and a member of staff who chat on, whatever goes on around them.
import { loopTime } from '../../../src/testing/loop-time.ts'
import { pause, until } from '../../support/desk.ts'
import type { MeasuredServer } from '../../support/measured-server.ts'
import { chatId, EXT, TestSocket } from '../../support/socket.ts'

export class Pair {
  readonly #sockets: [TestSocket, TestSocket]
  readonly #identifier: string
  readonly #running: Promise<void>
  readonly #worked: () => number
  #sent = 0
  #isOver = false
  /** Milliseconds from a send to its broadcast, at worst. Only time in which the server worked, and this process too, counts */
  slowest = 0

  private constructor(sockets: [TestSocket, TestSocket], identifier: string, worked: () => number) {
    this.#worked = worked
    this.#sockets = sockets
    this.#identifier = identifier
    this.#running = this.#talk()
  }

  static async start(server: MeasuredServer, user: string, staff: string, chat: string): Promise<Pair> {
    const open = async (token: string) => {
      const socket = await TestSocket.open(`${server.wsUrl}/cable?jid=${token}`, [EXT])
      await socket.subscribe(chatId(chat))
      return socket
    }
    return new Pair([await open(user), await open(staff)], chatId(chat), () => server.worked())
  }

  /** @returns what is wrong with what they heard, and how much they said */
  async end(): Promise<{ complaints: string[]; sent: number }> {
    this.#isOver = true
    await this.#running
    const wanted = Array.from({ length: this.#sent }, (_, i) => `line ${i}`)
    const complaints = this.#sockets.flatMap((socket, i) => {
      const heard = socket.events('new_message').map(({ message }) => message)
      return [
        ...(socket.closed ? [`socket ${i} was closed: ${JSON.stringify(socket.closed)}`] : []),
        ...(heard.map((m) => m?.content).join() === wanted.join()
          ? []
          : [`socket ${i} heard ${heard.length} of ${wanted.length}`]),
        ...(heard.every((m, n) => m?.seq === n + 1) ? [] : [`socket ${i} heard them out of order`]),
      ]
    })
    for (const socket of this.#sockets) socket.close()
    return { complaints, sent: this.#sent }
  }

  async #talk(): Promise<void> {
    while (!this.#isOver) {
      const content = `line ${this.#sent}`
      const by = this.#sockets[this.#sent % 2]
      const [begun, worked] = [loopTime(), this.#worked()]
      by?.perform(this.#identifier, { action: 'send_message', content, client_id: `line-${this.#sent}` })
      this.#sent++
      await until(() => this.#sockets.every((s) => s.events('new_message').length >= this.#sent))
      this.slowest = Math.max(this.slowest, Math.min(loopTime() - begun, this.#worked() - worked))
      await pause(20)
    }
  }
}
