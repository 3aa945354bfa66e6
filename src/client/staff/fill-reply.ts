/** Who is named where a canned reply says `{{user.name}}` and `{{agent.name}}`; null: unknown */
export interface ReplyNames {
  user: string | null
  agent: string | null
}

const PLACEHOLDER = /( ?)\{\{ *(user|agent)\.name *(?:\|([^{}]*))?\}\}/g

/**
 * A canned reply with the names in place of its placeholders. `{{user.name|there}}` says what stands for a name that is unknown; without
 * it, the placeholder goes with the space before it. Others stay as they are.
 * @example fillReply('Hello {{user.name}},', { user: 'Ada', agent: null }) // 'Hello Ada,'
 */
export const fillReply = (body: string, names: ReplyNames): string =>
  body.replace(PLACEHOLDER, (_whole, space: string, who: keyof ReplyNames, fallback = '') => {
    const name = names[who]?.trim() || String(fallback).trim()
    return name && space + name
  })
