// A text with its addresses as links. The rules for addresses are loaded with the first text that may have one; until then, and if they
// do not load, it is plain text.
import type { VNode } from 'preact'
import { Fragment } from 'preact'
import { useEffect, useReducer } from 'preact/hooks'
import type { linkify } from './linkify.ts'

const MAY_HAVE_ADDRESS = /:\/\/|www\.|@/i

let rules: typeof linkify | undefined

export function LinkedText({ text }: { text: string }): VNode {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const mayHaveAddress = MAY_HAVE_ADDRESS.test(text)
  useEffect(() => {
    if (!mayHaveAddress || rules) return
    import('./linkify.ts')
      .then((module) => {
        rules = module.linkify
        draw(undefined)
      })
      .catch(() => undefined)
  }, [mayHaveAddress])
  if (!mayHaveAddress || !rules) return <Fragment>{text}</Fragment>
  return (
    <Fragment>
      {rules(text).map((piece) =>
        typeof piece === 'string' ? (
          piece
        ) : (
          // An address is read from left to right (RFC 3987), and what was written before it cannot turn it around
          <a href={piece.href} dir="ltr" target="_blank" rel="noopener nofollow ugc">
            {piece.text}
          </a>
        ),
      )}
    </Fragment>
  )
}
