/** Where the host's app is, as far as we know: the first allowed origin of its own, otherwise the address of this server */
export const homeUrl = (publicUrl: string, allowedOrigins: readonly string[]): string =>
  allowedOrigins.find((origin) => /^https?:\/\/[^*]+$/.test(origin)) ?? publicUrl
