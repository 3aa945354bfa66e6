// What is said about files, in one language.

export interface FilesCatalogue {
  /** BCP 47: how sizes are written */
  locale: string
  attach: string
  /** Of the button that opens a phone's camera */
  camera: string
  /** Over the chat, while somebody drags files above it */
  drop: string
  /** Of the list of files that go with the message */
  list: string
  /** @param part of it that is sent, such as `42 %` */
  uploading: (part: string) => string
  notUploaded: string
  /** Why a file was not uploaded, by the protocol's error code; a code without an entry adds nothing */
  reasons: Readonly<Record<string, string>>
  /** @param size the largest that is taken, such as `25 MB` */
  tooLarge: (size: string) => string
  /** @param most files of one message */
  tooMany: (most: number) => string
  retry: (name: string) => string
  remove: (name: string) => string
  /** Said aloud */
  attached: (name: string) => string
  removed: (name: string) => string
  /** Of the viewer */
  images: string
  position: (n: number, all: number) => string
  previous: string
  next: string
  zoomIn: string
  zoomOut: string
  original: string
  close: string
}
