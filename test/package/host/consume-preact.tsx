/** @jsxImportSource preact */
// What somebody's Preact app says about `<deskbell-chat>`; it is compiled, not run.
import type { DeskbellChatElement } from 'deskbell/preact'
import { createRef, type VNode } from 'preact'

const element = createRef<DeskbellChatElement>()

export const Widget = (): VNode => (
  <>
    <deskbell-chat server="/support" heading="Help" theme="auto" class="own" ref={element} />
    <button onClick={() => element.current?.toggle()}>Help</button>
    {/* @ts-expect-error: there is no such theme */}
    <deskbell-chat theme="blue" />
    {/* @ts-expect-error: there is no such attribute */}
    <deskbell-chat colour="red" />
  </>
)
