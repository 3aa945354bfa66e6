// How a list and the head of a chat call a user: by name, with the address beside it.
import type { JSX } from 'preact'

export function Who({ name, address }: { name: string | null; address: string }): JSX.Element {
  return (
    <>
      {name !== null && <bdi class="card-name">{name}</bdi>}
      <bdi class={name === null ? 'card-email is-name' : 'card-email'}>{address}</bdi>
    </>
  )
}
