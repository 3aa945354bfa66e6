/**
 * Whether a request may change nothing, although GET on the same route does: HEAD, and GET by which a browser fetches ahead what nobody
 * has asked for yet.
 */
export const onlyLooks = ({ method, headers }: Request): boolean =>
  method === 'HEAD' || ['sec-purpose', 'purpose', 'x-moz'].some((name) => /\bprefetch\b/i.test(headers.get(name) ?? ''))
