import { styleText } from 'node:util'
import { databaseName } from '../standalone/database.ts'
import type { Running } from '../standalone/serve.ts'
import type { Settings } from '../standalone/settings.ts'
import { withoutPassword } from '../standalone/loggable-settings.ts'

/** What a person needs right after starting the server. */
export function summary(
  { url, signInUrl, firstOwnerUrl }: Running,
  { production, publicUrl, mailUrl, databaseUrl }: Settings,
): string {
  const row = (label: string, value: string) => `  ${styleText('dim', label.padEnd(11))}${value}`
  const link = (address: string) => styleText('cyan', address)
  const rows = production
    ? [row('Listening', link(url)), row('Public', link(publicUrl)), row('Database', databaseName(databaseUrl))]
    : [
        row('Demo page', link(`${url}/demo`)),
        row('Dashboard', `${link(signInUrl ?? '')} ${styleText('dim', '(signs in once)')}`),
        ...(firstOwnerUrl === null
          ? []
          : [row('Account', `${link(firstOwnerUrl)} ${styleText('dim', '(creates the first account)')}`)]),
        row('Mailbox', mailUrl === 'mailbox:' ? link(`${url}/dev/mailbox`) : withoutPassword(mailUrl)),
        row('Database', databaseName(databaseUrl)),
        row('Embed', `<script src="${publicUrl}/widget.js" data-token="…" async></script>`),
      ]
  return ['', `  ${styleText('bold', 'Deskbell')} is ready. Ctrl-C stops it.`, '', ...rows, ''].join('\n')
}
