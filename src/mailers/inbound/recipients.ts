/** Whether an address, as a header has it, is at the domain */
export const isAtDomain = (domain: string): ((address: string) => boolean) => {
  const end = `@${domain.toLowerCase()}`
  return (address) => address.toLowerCase().replace(/>\s*$/, '').endsWith(end)
}
