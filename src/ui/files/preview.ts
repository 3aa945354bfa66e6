// A small picture of an image that goes with a message. It is drawn: a policy of the page need not allow `blob:` addresses.

/** Bytes; above, decoding it would take the machine's memory for a picture of 36 pixels */
const LARGE = 12_000_000

export const isPreviewed = ({ type, size }: File): boolean =>
  size < LARGE && /^image\/(jpeg|png|gif|webp|avif)$/.test(type)

const drawn = new WeakSet<HTMLCanvasElement>()

/** Fills the canvas with the middle of the image; once, however often it is called */
export async function preview(canvas: HTMLCanvasElement, file: File): Promise<void> {
  if (drawn.has(canvas)) return
  drawn.add(canvas)
  // One that is broken stays empty
  const image = await createImageBitmap(file).catch(() => null)
  if (!image) return
  const side = Math.min(image.width, image.height)
  const [x, y] = [(image.width - side) / 2, (image.height - side) / 2]
  canvas.getContext('2d')?.drawImage(image, x, y, side, side, 0, 0, canvas.width, canvas.height)
  image.close()
}
