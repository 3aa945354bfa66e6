/** `engines` of package.json: from here on Node has `node:sqlite` without a flag */
const OLDEST = [22, 13] as const

/** @returns what to tell somebody whose Node is too old, in one line; null when it is not */
export function complaintAbout(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null
  return `Node ${version} is too old: Deskbell needs ${OLDEST.join('.')} or newer`
}
