import { type ApiCall, apiEvents } from '#audit/api-call.ts'
import { RepeatedFailures } from '#audit/repeated-failures.ts'
import type { AuditResource } from '#kernel/service.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'

/** What decides whether a data call is recorded. */
export interface DataCall {
  readonly account: string
  readonly region: string
  readonly eventSource: string
  readonly eventName: string
  readonly readOnly: boolean
  /** Empty: the caller has none. */
  readonly userArn: string
  readonly resources: () => readonly AuditResource[]
}

/** Knows which data calls are recorded. */
export interface DataCalls {
  wants(call: DataCall): Promise<boolean>
}

/** Where every recorded call goes. */
export interface Audit {
  /**
   * A change is on disk when this resolves; a read, or a data call, joins a group commit soon and is not waited for. Of
   * the same failure of one of our services, tried again and again, one an hour is kept.
   */
  record(call: ApiCall): Promise<void>
  /** Whether a trail selects the data call; others are not recorded. */
  wantsData(call: DataCall): Promise<boolean>
}

const NO_DATA_CALLS: DataCalls = { wants: async () => false }

/** An audit that writes into the journal of API events. */
export function openAudit(journal: ApiJournal, dataCalls: DataCalls = NO_DATA_CALLS): Audit {
  const failures = new RepeatedFailures()
  return {
    async record(call) {
      if (failures.isRepeat(call)) return
      for (const event of apiEvents(call)) {
        if (call.readOnly || call.category === 'Data') journal.enqueue(event)
        else await journal.append(event)
      }
      failures.note(call)
    },
    wantsData: (call) => dataCalls.wants(call),
  }
}
