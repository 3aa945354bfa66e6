// Opens what the links of a log lead to. URLs are good for a day or two, and a page may be open for longer: then it asks for another first.
import type { FilesCatalogue } from './catalogue.ts'
import type { Renew } from './file-source.ts'

const isGood = ({ href }: HTMLAnchorElement): boolean =>
  Number(new URL(href).searchParams.get('expires')) * 1000 > Date.now()

/** For a click on a link to a file */
export function followed(event: MouseEvent, renew: Renew): void {
  const link = event.currentTarget as HTMLAnchorElement
  if (isGood(link)) return
  event.preventDefault()
  void renew(link).then(() => open(link.href, '_blank', 'noopener'))
}

/** An image opens in the viewer, which is loaded then. Without it, the link leads to the image */
export function openViewer(event: MouseEvent, words: FilesCatalogue, renew: Renew): void {
  const link = event.currentTarget as HTMLAnchorElement
  // In a tab of its own, as people ask for everywhere. A policy of the page may forbid it here
  if (event.ctrlKey || event.metaKey || event.shiftKey || link.matches('.is-broken')) return followed(event, renew)
  event.preventDefault()
  import('./viewer.ts').then(
    ({ showImages }) => showImages(link, words, renew),
    () => open(link.href, '_blank', 'noopener'),
  )
}
