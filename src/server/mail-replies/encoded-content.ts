import { nextTurn } from '../ports/clock.ts'
import type { FileContent } from '../ports/file-content.ts'
import { base64Steps } from './base64-steps.ts'
import { quotedPrintableSteps } from './quoted-printable-steps.ts'
import { STEP, type Steps } from './steps.ts'

/** @param encoding a `Content-Transfer-Encoding` in lower case. One that nobody knows is taken for none, as mail programs do */
export function decodingSteps(encoding: string, body: Uint8Array): Steps {
  if (encoding.includes('base64')) return base64Steps(body)
  return encoding.includes('quoted-printable') ? quotedPrintableSteps(body) : plainSteps(body)
}

function* plainSteps(body: Uint8Array): Steps {
  for (let at = 0; at < body.length; at += STEP) yield body.subarray(at, at + STEP)
}

/** The file that a body is. It is measured step by step, and other work is done in between */
export async function encodedContent(encoding: string, body: Uint8Array): Promise<FileContent> {
  let size = 0
  for (const { length } of decodingSteps(encoding, body)) {
    size += length
    await nextTurn()
  }
  return { size, stream: () => streamOf(decodingSteps(encoding, body)) }
}

function streamOf(steps: Steps): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull(controller) {
        for (let step = steps.next(); !step.done; step = steps.next()) {
          if (step.value.length > 0) return controller.enqueue(step.value)
        }
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
