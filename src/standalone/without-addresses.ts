/** A mail server's answer may quote the recipient, so whatever looks like an e-mail address is replaced. */
export const withoutAddresses = (text: string): string =>
  text.replace(/("[^"]*"|[^\s<>@"'(),;]+)(@|%40)[^\s<>@"'(),;]+/gi, '[address]')
