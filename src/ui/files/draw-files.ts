// Draws the files of a message. Everything has its size before it loads, so that the log never jumps.
import type { ComponentChild } from 'preact'
import { attachmentKind, type SupportAttachment } from '../../protocol/attachments.ts'
import type { FilesCatalogue } from './catalogue.ts'
import { icon, SHEET, type H } from './drawing.ts'
import { factsOf } from './file-facts.ts'
import { pathOf, type FileSource } from './file-source.ts'
import { followed, openViewer } from './open-links.ts'

/** The box of an image that stands alone (pixels) */
const WIDTH = 280
const HEIGHT = 260

export function drawFiles(
  files: readonly SupportAttachment[],
  h: H,
  words: FilesCatalogue,
  source: FileSource,
): ComponentChild {
  const images = files.filter(isImage)
  const others = files.filter((file) => !isImage(file))
  return h(
    'div',
    { class: 'db-files' },
    images.length > 0 &&
      h(
        'div',
        { class: images.length > 1 ? 'db-images' : 'db-image-box' },
        images.map((file) => image(file, images.length > 1)),
      ),
    others.map(other),
  )

  function image(file: SupportAttachment & Sized, isTile: boolean): ComponentChild {
    const { width, height } = file
    const shown = Math.min(WIDTH, width, (HEIGHT * width) / height)
    return h(
      'a',
      {
        key: file.id,
        class: 'db-image',
        href: urlOf(file, source),
        target: '_blank',
        rel: 'noopener',
        'data-width': width,
        'data-height': height,
        ...(!isTile && { style: { inlineSize: `${Math.max(48, shown)}px`, aspectRatio: `${width}/${height}` } }),
        'data-id': file.id,
        onClick: (event: MouseEvent) => openViewer(event, words, (link) => renew(link, source)),
      },
      h('img', {
        src: urlOf(file, source),
        alt: file.name,
        loading: 'lazy',
        decoding: 'async',
        draggable: false,
        onError: (event: Event) => void askAgain(event, source),
      }),
    )
  }

  function other(file: SupportAttachment): ComponentChild {
    const kind = attachmentKind(file)
    const isPlayed = kind === 'audio' || kind === 'video'
    return h(
      'div',
      { key: file.id, class: `db-file db-${kind}` },
      h(
        'a',
        {
          href: urlOf(file, source),
          target: '_blank',
          rel: 'noopener',
          'data-id': file.id,
          onClick: (event: MouseEvent) => followed(event, (link) => renew(link, source)),
        },
        icon(h, SHEET, 24),
        h('span', null, h('bdi', null, file.name), h('small', { dir: 'auto' }, factsOf(words.locale, file))),
      ),
      isPlayed &&
        h(kind, {
          controls: true,
          preload: kind === 'video' ? 'metadata' : 'none',
          src: urlOf(file, source),
          'aria-label': file.name,
          onError: (event: Event) => void askAgain(event, source),
        }),
    )
  }
}

interface Sized {
  width: number
  height: number
}

const isImage = (file: SupportAttachment): file is SupportAttachment & Sized =>
  attachmentKind(file) === 'image' && !!file.width && !!file.height

const urlOf = ({ url }: SupportAttachment, { api }: FileSource): string => new URL(url, api.base).href

/** What a second URL does not open is shown as its name */
async function askAgain(event: Event, source: FileSource): Promise<void> {
  const shown = event.currentTarget as HTMLImageElement | HTMLMediaElement
  const link = shown.closest('.db-file')?.querySelector('a') ?? shown.closest('a')
  if (!link || shown.dataset['again'])
    return shown.closest('.db-image, .db-file')?.classList.add('is-broken') as undefined
  shown.dataset['again'] = 'true'
  await renew(link, source)
  shown.src = link.href
}

/** Asks for another URL of the file, and leaves the link as it is where there is none */
async function renew(link: HTMLAnchorElement, source: FileSource): Promise<void> {
  const path = `${pathOf(source)}/${link.dataset['id']}`
  const found = await source.api.json<SupportAttachment>('GET', path).catch(() => undefined)
  if (found) link.href = urlOf(found, source)
}
