// Resend's own client. Its types bring those of React, which hide the DOM's from every other test.
import { createRequire } from 'node:module'

interface Result {
  data: { id: string } | null
  error: { name: string; message: string; statusCode: number | null } | null
}

interface ResendClient {
  emails: {
    send: (mail: Record<string, unknown>, options?: { idempotencyKey?: string }) => Promise<Result>
    receiving: {
      get: (id: string) => Promise<Result>
      attachments: {
        get: (which: { emailId: string; id: string }) => Promise<{ data: { download_url: string } | null }>
      }
    }
  }
  webhooks: { verify: (signed: Record<string, unknown>) => unknown }
}

export const { Resend } = createRequire(import.meta.url)('resend') as {
  Resend: new (key: string, options?: { baseUrl?: string }) => ResendClient
}
