import { explain } from '@sluice/policy'
import { type BrokerRecord, LOG_KINDS, type LogKind, logGroupName } from '#services/mq/broker-record.ts'
import { type Finding, instant, lines } from '#services/mq/diagnosis/finding.ts'
import { allowLogGroups, enableLogs, rebootBroker } from '#services/mq/diagnosis/fixes.ts'

/** Is the log on, and has the broker started since it was switched on? */
export function switchFinding(record: BrokerRecord, log: LogKind): Finding {
  const isWanted = record.desired.logs[log]
  const isApplied = (record.applied ?? record.desired).logs[log]
  if (isApplied) {
    const detail = isWanted ? '' : 'It is switched off with the next reboot.'
    return { ok: true, title: `The ${log} log is on`, detail }
  }
  if (isWanted) {
    return {
      ok: false,
      title: `The ${log} log is switched on, but waits for a reboot`,
      detail: 'Log settings are applied when the broker starts.',
      // While it reboots there is nothing to do but wait.
      fix: record.state === 'REBOOT_IN_PROGRESS' ? [] : [rebootBroker(record)],
      isEnd: true,
    }
  }
  const anyWanted = LOG_KINDS.some((other) => record.desired.logs[other])
  return {
    ok: anyWanted,
    title: `The ${log} log is off`,
    detail: anyWanted ? '' : 'No log is on, so nothing is delivered.',
    fix: anyWanted ? [] : [enableLogs(record, { general: true, audit: true }), rebootBroker(record)],
    isEnd: true,
  }
}

/** Could the caller of CreateBroker or RebootBroker create the log group? */
export function groupFinding(record: BrokerRecord, log: LogKind): Finding {
  const group = logGroupName(record.brokerId, log)
  const state = record.logGroups[log]
  if (state === undefined) {
    return {
      ok: false,
      title: `The log group ${group} was not asked for yet`,
      detail: 'A log group is created when the broker is created or rebooted with its log switched on.',
      fix: [rebootBroker(record)],
      isEnd: true,
    }
  }
  const { lastAttempt: attempt } = state
  const who = `${attempt.during} by ${attempt.by.arn} at ${instant(attempt.at)}`
  if (state.present)
    return {
      ok: true,
      title: `The log group ${group} was ${attempt.outcome === 'created' ? 'created' : 'there'}`,
      detail: who,
    }
  const explanation = attempt.decision === undefined ? [] : explain(attempt.decision)
  const isDenied = attempt.outcome === 'denied'
  return {
    ok: false,
    title: isDenied
      ? `The log group ${group} was not created: the caller lacked logs:CreateLogGroup`
      : `The log group ${group} could not be created`,
    detail: lines(who, attempt.reason, ...explanation, 'Lines are passed over until a reboot creates the group.'),
    fix: [...(isDenied ? allowLogGroups(attempt) : []), rebootBroker(record)],
    isEnd: true,
  }
}
