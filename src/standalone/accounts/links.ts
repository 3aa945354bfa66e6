/** What an e-mail leads to, or a person copies. @param page below `dashboard/` */
export const linkTo = (publicUrl: string, page: 'join' | 'reset' | 'enter', token: string): string =>
  `${publicUrl.replace(/\/$/, '')}/dashboard/${page}?token=${token}`
