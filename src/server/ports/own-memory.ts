// Memory that is given back as soon as nobody needs it. V8 collects all garbage after every 64 MB of buffers, however few of them are still in use, and
// everybody waits for it; beside uploads that would be several times a second.

const own = new WeakSet<ArrayBufferLike>()

/** Nobody else holds this memory, so whoever reads these bytes last may give it back */
export function markOwn(bytes: Uint8Array): void {
  own.add(bytes.buffer)
}

/** Frees the memory of these bytes, which nobody needs any more, if it was marked; any other may still be in use */
export function giveBack({ buffer }: Uint8Array): void {
  if (own.has(buffer) && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
