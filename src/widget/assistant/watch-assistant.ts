import type { LateParts, Life } from '../contract.ts'

/**
 * Offers a person under what the assistant has answered. What it needs is loaded then.
 * @param box has the panel in it while that is open
 * @param current the conversation of now; another one where somebody signs in
 * @returns to be called after the panel was drawn anew
 */
export function watchAssistant(root: ShadowRoot, box: HTMLElement, current: () => Life, late: LateParts): () => void {
  let followed: Life | undefined
  let offer: ReturnType<typeof load> | undefined
  // Without it, the chat works, and whoever asks for a person by a message is heard too
  const load = (life: Life) =>
    late
      .offer()
      .then((part) => part.personOffer(root, box, life))
      .catch(() => undefined)

  function look(): void {
    const life = current()
    if (life !== followed) {
      // One that was replaced is closed, and says nothing more
      void offer?.then((part) => part?.end())
      offer = undefined
      followed = life
      life.conversation.subscribe(look)
    }
    if (life.conversation.state.messages.at(-1)?.automated) offer ??= load(life)
    void offer?.then((part) => part?.show())
  }
  return look
}
