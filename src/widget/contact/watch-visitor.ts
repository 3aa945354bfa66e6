import type { Life, LoadContactForm } from '../contract.ts'

/** How the server names people without an account: a `personTag` */
const VISITOR = /^user%3Avisitor%3A/

/**
 * Puts the contact form above the text box, once somebody without an account has written. What it needs is loaded then.
 * @param box has the panel in it while that is open
 * @param current the conversation of now; another one where somebody signs in
 * @param load not imported here: Vite would load a chunk of its own for that
 * @returns to be called after the panel was drawn anew
 */
export function watchVisitor(
  root: ShadowRoot,
  box: HTMLElement,
  current: () => Life,
  load: LoadContactForm,
): () => void {
  let life: Life | undefined
  let form: Promise<HTMLElement> | undefined
  /** How many messages there were when the form was last asked for */
  let asked = 0
  let unsubscribe = (): void => undefined

  const look = (): void => {
    const of = life
    if (!of || !box.firstChild) return
    const { person, messages } = of.conversation.state
    if (!VISITOR.test(person ?? '') || !messages.some(({ sender_type }) => sender_type === 'user')) return
    if (!form && asked !== messages.length) {
      asked = messages.length
      form = load().then(({ contactForm }) => contactForm(root, of))
      // The chat works without it, and the next message asks again
      form.catch(() => of === life && (form = undefined))
    }
    form
      ?.then((element) => {
        const composer = box.querySelector('.db-composer')
        if (of === life && composer?.previousSibling !== element) composer?.before(element)
      })
      .catch(() => undefined)
  }

  return () => {
    const now = current()
    asked = 0
    if (now !== life) {
      unsubscribe()
      life = now
      form = undefined
      unsubscribe = now.conversation.subscribe(look)
    }
    look()
  }
}
