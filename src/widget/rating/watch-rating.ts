import type { LateParts, Life } from '../contract.ts'

/**
 * Asks how the help was, once staff have archived the chat. What it needs is loaded then.
 * @param current the conversation of now; another one where somebody signs in
 * @returns to be called after the panel was drawn anew
 */
export function watchRating(root: ShadowRoot, current: () => Life, { rating }: LateParts): () => void {
  let followed: Life | undefined
  return () => {
    const life = current()
    if (life === followed) return
    followed = life
    let wasArchived = false
    const look = (): void => {
      const { status, archived } = life.conversation.state
      if (status !== 'ready') return
      // Without it, the chat works
      if (archived && !wasArchived)
        void rating()
          .then(({ ask }) => ask(root, life))
          .catch(() => undefined)
      wasArchived = archived
    }
    life.conversation.subscribe(look)
    look()
  }
}
