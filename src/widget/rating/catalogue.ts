/** What the widget says when it asks how the help was */
export interface RatingCatalogue {
  title: string
  /** From 1, bad, to 5, great: a face, and what it is called */
  faces: readonly (readonly [face: string, name: string])[]
  comment: string
  send: string
  /** Leaves it out, and is not asked again */
  skip: string
  thanks: string
  failed: string
}
