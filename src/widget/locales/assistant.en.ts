import type { AssistantCatalogue } from '../assistant/catalogue.ts'

export const words: AssistantCatalogue = {
  automated: 'This answer is automated.',
  ask: 'Talk to a person',
  asked: 'The team knows. A person will answer here.',
  failed: 'That did not work. Try again.',
}
