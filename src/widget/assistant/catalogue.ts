/** What the panel says about automated answers */
export interface AssistantCatalogue {
  automated: string
  /** On the button that asks for a person */
  ask: string
  asked: string
  failed: string
}
