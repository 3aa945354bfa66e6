// What the box for a message does with files: a button for them, those that go with the message, and what is pasted and dropped.
import type { ComponentChild } from 'preact'
import type { SupportAttachment } from '../../protocol/attachments.ts'
import { Uploads, type PendingUpload } from '../../client/conversation/uploads.ts'
import type { FilesCatalogue } from './catalogue.ts'
import { AGAIN, ALERT, CAMERA, CLIP, CROSS, icon, SHEET, type H } from './drawing.ts'
import { factsOf, sizeIn } from './file-facts.ts'
import type { FileSource } from './file-source.ts'
import { isPreviewed, preview } from './preview.ts'
import { receiveFiles } from './receive-files.ts'

/** Trying again changes nothing about them */
const FINAL = /^(empty_file|file_too_large|image_too_large|forbidden)$/

export interface AttachBox {
  /** `busy`: a message would lack a file; `ready`: it may go without text */
  readonly state: 'none' | 'busy' | 'ready'
  /** What the message carries. It is taken out of the box; what was not uploaded stays */
  take(): SupportAttachment[]
  button(h: H): ComponentChild
  list(h: H): ComponentChild
  /**
   * Takes what is dropped on the chat around the box for text, or pasted there
   * @returns ends this
   */
  join(text: HTMLTextAreaElement | null, changed: () => void): () => void
}

/** Those of another session have another token, or another server */
const boxes = new WeakMap<FileSource['api'], Map<string, AttachBox>>()

/** The box of this draft. It stays while the chat is closed: uploads go on */
export function attachBox(draftKey: string, conversation: FileSource, words: FilesCatalogue): AttachBox {
  const ofSession = boxes.get(conversation.api) ?? new Map<string, AttachBox>()
  boxes.set(conversation.api, ofSession)
  const box = ofSession.get(draftKey) ?? createAttachBox(conversation, words)
  ofSession.set(draftKey, box)
  return box
}

function createAttachBox(conversation: FileSource, words: FilesCatalogue): AttachBox {
  const listeners = new Set<() => void>()
  /** By `client_id` */
  let announced = new Map<string, PendingUpload['status']>()
  /** What happened to the files of this message: each line is read out as it comes */
  let said: string[] = []
  let tooMany = ''
  let text: HTMLTextAreaElement | null = null

  const uploads = new Uploads({
    api: conversation.api,
    conversation,
    changed: () => {
      const { items } = uploads
      const now = new Map(items.map(({ client_id, status }) => [client_id, status]))
      for (const item of items) {
        if (announced.get(item.client_id) === item.status) continue
        if (item.status === 'uploaded') say(words.attached(item.file.name))
        if (item.status === 'failed') say(`${item.file.name}: ${whyNot(item)}`)
      }
      announced = now
      for (const changed of listeners) changed()
    },
  })

  const say = (line: string): void => {
    said = [...said, line]
  }
  /** Not on a touch screen, where it would open the keyboard over the files */
  const focusText = (): void => {
    if (!matchMedia('(pointer: coarse)').matches) text?.focus({ preventScroll: true })
  }
  const whyNot = ({ reason }: PendingUpload): string => {
    const why =
      reason === 'file_too_large'
        ? words.tooLarge(sizeIn(words.locale, conversation.state.attachments?.max_bytes ?? 0))
        : words.reasons[reason ?? '']
    return why ? `${words.notUploaded} ${why}` : words.notUploaded
  }
  const add = (files: Iterable<File>): void => {
    const most = conversation.state.attachments?.max_files ?? 0
    tooMany = uploads.add(files) > 0 ? words.tooMany(most) : ''
    for (const changed of listeners) changed()
    focusText()
  }
  const remove = ({ client_id, file }: PendingUpload): void => {
    tooMany = ''
    say(words.removed(file.name))
    uploads.remove(client_id)
    // The button that had the focus is gone
    focusText()
  }
  const chooser = (h: H, name: string, says: string, path: string, camera: object): ComponentChild => [
    h(
      'button',
      {
        type: 'button',
        class: name,
        'aria-label': says,
        title: says,
        onClick: ({ currentTarget }: MouseEvent) =>
          ((currentTarget as HTMLElement).nextElementSibling as HTMLInputElement).click(),
      },
      icon(h, path),
    ),
    h('input', {
      type: 'file',
      hidden: true,
      multiple: true,
      ...camera,
      onChange: ({ currentTarget }: Event) => {
        const input = currentTarget as HTMLInputElement
        add(input.files ?? [])
        // The same file can be chosen again
        input.value = ''
      },
    }),
  ]

  const row = (h: H, item: PendingUpload): ComponentChild => {
    const { client_id: id, file, status, progress, reason } = item
    const part = new Intl.NumberFormat(words.locale, { style: 'percent' }).format(progress)
    return h(
      'li',
      { key: id, class: `db-upload is-${status}` },
      isPreviewed(file) && status !== 'failed'
        ? h('canvas', {
            width: 72,
            height: 72,
            ref: (canvas: HTMLCanvasElement | null) => canvas && void preview(canvas, file),
          })
        : icon(h, status === 'failed' ? ALERT : SHEET, 24),
      h(
        'span',
        { title: file.name },
        h('bdi', null, file.name),
        h(
          'small',
          { dir: 'auto' },
          status === 'failed'
            ? whyNot(item)
            : status === 'uploading'
              ? words.uploading(part)
              : factsOf(words.locale, file),
        ),
        status === 'uploading' && h('progress', { value: progress, 'aria-label': file.name }),
      ),
      status === 'failed' &&
        !FINAL.test(reason ?? '') &&
        action(h, words.retry(file.name), AGAIN, () => uploads.retry(id)),
      action(h, words.remove(file.name), CROSS, () => remove(item)),
    )
  }
  const action = (h: H, says: string, path: string, onClick: () => void): ComponentChild =>
    h('button', { type: 'button', 'aria-label': says, title: says, onClick }, icon(h, path, 18))

  return {
    get state() {
      if (uploads.isBusy) return 'busy'
      return uploads.items.some(({ status }) => status === 'uploaded') ? 'ready' : 'none'
    },
    take() {
      said = []
      tooMany = ''
      return uploads.take()
    },
    button: (h) => [
      chooser(h, 'db-attach', words.attach, CLIP, {}),
      chooser(h, 'db-attach db-camera', words.camera, CAMERA, {
        multiple: false,
        accept: 'image/*',
        capture: 'environment',
      }),
    ],
    list: (h) => [
      uploads.items.length > 0 &&
        h(
          'ul',
          { class: 'db-uploads', 'aria-label': words.list },
          uploads.items.map((item) => row(h, item)),
        ),
      h('div', { class: 'db-too-many', role: 'status' }, tooMany),
      h(
        'div',
        { class: 'db-vh', 'aria-live': 'polite' },
        said.map((line) => h('p', null, line)),
      ),
    ],
    join(box, changed) {
      text = box
      listeners.add(changed)
      const release = receiveFiles(box, words.drop, add)
      return () => {
        release()
        listeners.delete(changed)
        text = null
      }
    },
  }
}
