// What can be done from anywhere, besides opening a chat.
import { PAGES } from '../pages/pages.ts'
import { PAGE_NAMES } from '../state/navigation.ts'
import type { DashboardCatalogue } from '../catalogue.ts'
import type { Desk } from '../state/desk.ts'
import { compose } from '../views/compose.ts'
import { openHelp } from '../views/help-dialog.tsx'
import type { PaletteCatalogue } from './catalogue.ts'
import type { Command } from './palette.ts'

/** @returns those that can be given now, what concerns the open chat first */
export function commandsOf(desk: Desk, words: DashboardCatalogue, say: PaletteCatalogue): Command[] {
  const { account, activity, navigation, offers, openChat, preferences } = desk
  const archived = openChat.archived.value
  const ofChat: Command[] =
    archived === null
      ? []
      : [
          { label: say.reply, key: 'r', run: () => compose(activity.kind, 'reply') },
          { label: say.note, key: 'n', run: () => compose(activity.kind, 'note') },
          { label: archived ? words.restore : words.archive, key: 'e', run: () => void openChat.toggleArchived() },
        ]
  const pages = PAGE_NAMES.filter((name) => PAGES[name].isForAll ?? offers.value.has(name))
  const { dense, sound } = preferences
  return [
    ...ofChat,
    {
      label: say.newChat,
      key: 'c',
      run: () => {
        desk.palette.value = 'people'
      },
    },
    { label: say.activeChats, run: () => navigation.navigate({ archived: false, page: null }) },
    { label: say.waitingChats, key: 'w', run: () => navigation.navigate({ waiting: true, page: null }) },
    { label: say.archivedChats, run: () => navigation.navigate({ archived: true, page: null }) },
    ...pages.map((page) => ({ label: PAGES[page].title(words), run: () => navigation.navigate({ page }) })),
    {
      label: dense.value ? words.fullerRows : words.denserRows,
      key: 'd',
      run: () => {
        dense.value = !dense.value
      },
    },
    {
      label: sound.value ? say.soundOff : say.soundOn,
      run: () => {
        sound.value = !sound.value
      },
    },
    { label: words.helpTitle, key: '?', run: openHelp },
    ...(account.value.value === null ? [] : [{ label: words.signOut, run: () => void account.signOut() }]),
  ]
}
