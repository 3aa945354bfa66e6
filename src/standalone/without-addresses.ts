/** What somebody else's server said may quote the person whom it is about: with whatever looks like an e-mail address replaced. */
export const withoutAddresses = (text: string): string =>
  text.replace(/("[^"]*"|[^\s<>@"'(),;]+)(@|%40)[^\s<>@"'(),;]+/gi, '[address]')
