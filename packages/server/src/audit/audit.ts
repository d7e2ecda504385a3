import { type ApiCall, apiEvent } from '#audit/api-call.ts'
import { RepeatedFailures } from '#audit/repeated-failures.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'

/** Where every recorded call goes. */
export interface Audit {
  /**
   * A change is on disk when this resolves; a read joins the next group commit and is not waited for. Of the same failure
   * of one of our services, tried again and again, one an hour is kept.
   */
  record(call: ApiCall): Promise<void>
}

/** An audit that writes into the journal of API events. */
export function openAudit(journal: ApiJournal): Audit {
  const failures = new RepeatedFailures()
  return {
    async record(call) {
      if (failures.isRepeat(call)) return
      const event = apiEvent(call)
      if (call.readOnly) journal.enqueue(event)
      else await journal.append(event)
      failures.note(call)
    },
  }
}
