import { type ApiCall, apiEvent } from '#audit/api-call.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'

/** Where every recorded call goes. */
export interface Audit {
  /** A change is on disk when this resolves; a read joins the next group commit and is not waited for. */
  record(call: ApiCall): Promise<void>
}

/** An audit that writes into the journal of API events. */
export const openAudit = (journal: ApiJournal): Audit => ({
  async record(call) {
    const event = apiEvent(call)
    if (call.readOnly) journal.enqueue(event)
    else await journal.append(event)
  },
})
