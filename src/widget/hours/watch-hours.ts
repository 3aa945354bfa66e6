import type { LateParts, Life } from '../contract.ts'

/**
 * Says below the panel's header when staff are back, while they are away. What it needs is loaded where the host has set hours.
 * @param box has the panel in it while that is open
 * @param current the conversation of now; another one where somebody signs in
 * @returns to be called after the panel was drawn anew
 */
export function watchHours(root: ShadowRoot, box: HTMLElement, current: () => Life, late: LateParts): () => void {
  let followed: Life | undefined
  let notice: ReturnType<typeof load> | undefined
  // Without it, the chat works
  const load = () =>
    late
      .closedNotice()
      .then(({ closedNotice }) => closedNotice(root, box, late.formatterIn))
      .catch(() => undefined)

  function look(): void {
    const life = current()
    // One that was replaced is closed, and says nothing more
    if (life !== followed) life.conversation.subscribe(look)
    followed = life
    const { closed } = life.conversation.state
    if (closed) notice ??= load()
    void notice?.then((show) => show?.(closed))
  }
  return look
}
