import type { JSX } from 'preact'
import type { TeamInvitation, TeamMember } from '../../../protocol/account.ts'
import { team as words } from '../../locales/team.en.ts'
import { useDashboard } from '../../views/context.ts'

interface Props {
  of: Pick<TeamMember | TeamInvitation, 'email' | 'mail_block'>
  change: (work: () => Promise<void>) => Promise<boolean>
}

/** That no e-mails go to somebody's address; nothing where they do */
export function StoppedMails({ of: { email, mail_block: block }, change }: Props): JSX.Element | null {
  const { api, desk, moments } = useDashboard()
  if (!block) return null
  return (
    <div class="mail-block">
      <p>{words.mailBlocks[block.kind]}</p>
      <p class="faint">
        <time dateTime={block.at} title={moments.exact(block.at)}>
          {moments.ago(block.at, desk.now.value)}
        </time>
        {block.reason !== null && ` · ${block.reason}`}
      </p>
      <button
        class="link"
        type="button"
        aria-label={words.unblockMailOf(email)}
        onClick={() =>
          void change(async () => {
            await api.request('POST', 'dashboard/team/unblock_mail', { email })
          })
        }
      >
        {words.unblockMail}
      </button>
    </div>
  )
}
