/** Characters of messages that are indexed at once, by one statement: they have half as many words at most, which no time limit cuts off */
const MAX_CHARACTERS = 200_000

/** The beginning of a list: at most MAX_CHARACTERS, or one message */
export function firstPortion<Message>(messages: Message[], lengthOf: (message: Message) => number): Message[] {
  let characters = 0
  const end = messages.findIndex((message, i) => (characters += lengthOf(message)) > MAX_CHARACTERS && i > 0)
  return end === -1 ? messages : messages.slice(0, end)
}

/** The whole list in portions, in its order */
export function portionsOf<Message extends { content: string }>(messages: Message[]): Message[][] {
  const portions: Message[][] = []
  for (let done = 0; done < messages.length; done += portions.at(-1)?.length ?? 0)
    portions.push(firstPortion(messages.slice(done), ({ content }) => content.length))
  return portions
}
