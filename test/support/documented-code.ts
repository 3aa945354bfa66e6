// The code in a page of the documentation, which tests run as it is shown.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The text of a page, such as `README.md` */
export const pageOf = (page: string): string => readFileSync(join(import.meta.dirname, '../..', page), 'utf8')

/** Its blocks of JavaScript, TypeScript, JSON with comments, Vue, SQL and shell */
export const codeOf = (page: string): string[] =>
  pageOf(page).match(/(?<=```(?:[jt]sx?|jsonc|vue|sql|sh)\n)[^]+?(?=```)/g) ?? []

/** The same by the name that stands in a comment on their first line */
export const namedCodeOf = (page: string): Map<string, string> =>
  new Map(codeOf(page).map((code) => [/^(?:\/\/|<!--|#|--) (\S+)/.exec(code)?.[1] ?? '', code]))
