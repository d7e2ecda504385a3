import type { AwsError } from '#kernel/errors.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { type RecordChange, type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

/** How often a change is made anew when others were quicker. */
const UPDATE_ATTEMPTS = 8

/**
 * Commits what `decide` makes of the records as they are now; when one of them changed meanwhile, it decides again.
 * @param conflict what is said when others were quicker every time
 * @throws AwsError `conflict`, OperationAbortedException when left out, and what `decide` throws
 */
export async function commitRetried(
  records: RecordStore,
  decide: () => Promise<readonly RecordChange[]>,
  conflict: () => AwsError = logsErrors.conflict,
): Promise<void> {
  for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
    const changes = await decide()
    try {
      await records.commit(changes)
      return
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error
    }
  }
  throw conflict()
}
