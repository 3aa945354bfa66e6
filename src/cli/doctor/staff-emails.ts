import { plainAddress } from '../../protocol/email-address.ts'
import { plural } from '../../protocol/plural.ts'
import type { DeliveryStore } from '../../server/ports/store/deliveries.ts'
import type { Settings } from '../../standalone/settings.ts'
import { ok, wrong, type Finding } from './finding.ts'

const CHECK = 'staff e-mails'

/** Whether the addresses in STAFF_EMAILS get the mails about messages that wait */
export async function checkStaffEmails(
  store: Pick<DeliveryStore, 'mailBlock'>,
  { staffMails }: Pick<Settings, 'staffMails'>,
): Promise<Finding[]> {
  if (!staffMails) return []
  const { to } = staffMails
  const blocks = await Promise.all(to.map((address) => store.mailBlock(plainAddress(address))))
  const stopped = to.flatMap((address, i) => {
    const block = blocks[i]
    if (!block) return []
    const said = block.reason === null ? '' : ` (${block.reason})`
    const text = `None go to ${address} since one came back or was reported as spam at ${block.at}${said}: take the address out of STAFF_EMAILS, or run deskbell unblock ${address}`
    return [wrong(CHECK, text)]
  })
  return stopped.length > 0 ? stopped : [ok(CHECK, `They go to ${goTo(staffMails)}`)]
}

function goTo({ to, team }: { to: string[]; team: boolean }): string {
  const named = plural('en', to.length, { one: '# address', other: '# addresses' })
  if (!team) return named
  return to.length === 0 ? 'the members of the team' : `the members of the team and ${named}`
}
