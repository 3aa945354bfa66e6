/** What the launcher says. Apart from the panel's catalogue, which must stay out of the first script. */
export interface LauncherCatalogue {
  open: string
  close: string
  /** Follows `open` in the button's name */
  unread: (n: number) => string
  dismiss: string
  /** Who wrote, when a reply has no name */
  support: string
  /** In place of a reply, when the panel could not be loaded: the network is away, or the page is older than the server's files */
  failed: string
}
