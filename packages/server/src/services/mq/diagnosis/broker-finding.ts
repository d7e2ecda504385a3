import type { BrokerRecord } from '#services/mq/broker-record.ts'
import { type Finding, instant, lines } from '#services/mq/diagnosis/finding.ts'
import { deleteBroker, rebootBroker, restoreConfiguration } from '#services/mq/diagnosis/fixes.ts'
import type { BrokerProgress } from '#services/mq/reconciler/progress.ts'

/** Whether the broker itself is as it should be. */
export function brokerFinding(record: BrokerRecord, progress: BrokerProgress | undefined): Finding {
  const title = `The broker is ${record.state}`
  const since = `since ${instant(record.stateSince)}`
  const doing = progress && `now: ${progress.what}${percent(progress)}`
  switch (record.state) {
    case 'RUNNING':
      return { ok: true, title, detail: lines(since, doing) }
    case 'CREATION_IN_PROGRESS':
    case 'REBOOT_IN_PROGRESS':
      return { ok: true, title, detail: lines(since, doing, 'Settings and log groups take effect when this is done.') }
    case 'CREATION_FAILED':
      return {
        ok: false,
        title,
        detail: lines(since, record.problem?.reason, 'Delete it and create it again.'),
        fix: [deleteBroker(record)],
        isEnd: true,
      }
    case 'CRITICAL_ACTION_REQUIRED':
      return {
        ok: false,
        title,
        detail: lines(since, record.problem?.reason, doing),
        fix: criticalFix(record),
      }
    case 'DELETION_IN_PROGRESS':
      return { ok: true, title, detail: lines(since, doing, 'Its log groups stay.'), isEnd: true }
    default:
      return record.state satisfies never
  }
}

/** No reboot mends a key; what does is in the reason. */
function criticalFix(record: BrokerRecord): readonly string[] {
  if (record.problem?.kind === 'key-unusable') return []
  return record.problem?.kind === 'settings-refused' ? restoreConfiguration(record) : [rebootBroker(record)]
}

function percent({ doneBytes, totalBytes }: BrokerProgress): string {
  if (doneBytes === undefined || totalBytes === undefined || totalBytes === 0) return ''
  return ` (${String(Math.floor((100 * doneBytes) / totalBytes))} %)`
}
