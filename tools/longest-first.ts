// The order in which test files start. A long one that starts last runs on alone, while the other cores are idle.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const ROOT = join(import.meta.dirname, '..')

/**
 * Those that took about a minute or more on two cores, the longest first. A fresh clone has no durations of earlier runs, and vitest goes by
 * size. Unit tests and files in a process of their own stand together, because a process is kept for the next file of the same project only.
 */
const LONGEST = [
  'test/package/tarball.test.ts',
  'test/stores/mongodb.test.ts',
  'test/stores/mysql.test.ts',
  'test/clients/listening.test.ts',
  'test/stores/postgres.test.ts',
  'src/stores/sqlite-host.test.ts',
  'src/stores/sqlite.test.ts',
  'src/stores/rules/notification-promises.test.ts',
  'test/e2e/files.test.ts',
  'test/e2e/accounts.test.ts',
  'test/e2e/log.test.ts',
  'test/stores/mongodb-nodes.test.ts',
  'test/e2e/notifications.test.ts',
  'test/e2e/checklist.test.ts',
  'test/cli/why.test.ts',
  'test/cli/doctor.test.ts',
  'test/cli/databases.test.ts',
  'test/e2e/search.test.ts',
  'test/e2e/visitors.test.ts',
  'test/stores/mongodb-documents.test.ts',
  'test/bindings/react.test.ts',
  'test/e2e/host-styles.test.ts',
  'test/cli/cli.test.ts',
  'test/e2e/dashboard-layout.test.ts',
  'test/cli/mongodb.test.ts',
  'test/server/accounts.test.ts',
  'test/e2e/shared-computer.test.ts',
  'test/e2e/returning.test.ts',
  'test/server/publishers.test.ts',
  'test/server/mail-inbound-services.test.ts',
  'test/server/notifications.test.ts',
  'test/e2e/text.test.ts',
  'test/e2e/push.test.ts',
  'test/stores/mysql-search.test.ts',
  'test/e2e/realtime-services.test.ts',
  'test/stores/mongodb-search.test.ts',
  'test/stores/upgrading.test.ts',
].map((file) => join(ROOT, file))

const gone = LONGEST.filter((file) => !existsSync(file))
if (gone.length > 0) throw new Error(`tools/longest-first.ts names files that are not there: ${gone.join(', ')}`)

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files)
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.indexOf(moduleId)
      return at < 0 ? LONGEST.length : at
    }
    return usual.toSorted((a, b) => group(a) - group(b) || place(a) - place(b))
  }
}
