import type { Clock } from '#kernel/clock.ts'
import { AwsError, messageOf } from '#kernel/errors.ts'
import { accountId, region as regionOf } from '#kernel/ids.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import {
  type Alarm,
  type AlarmRecord,
  type AlarmState,
  inState,
  recordOf,
  withTrouble,
} from '#services/cloudwatch/alarms/alarm.ts'
import { ALARMS, type Alarms, readAlarm } from '#services/cloudwatch/alarms/alarms.ts'
import { type ActionWays, actionsOf, takeAction } from '#services/cloudwatch/alarms/announce.ts'
import { evaluateAlarm } from '#services/cloudwatch/alarms/evaluate-alarm.ts'
import { type HistoryItem, actionItem, stateItem } from '#services/cloudwatch/alarms/history.ts'
import { SharedReads } from '#services/cloudwatch/alarms/shared-reads.ts'
import { slotAt } from '#services/cloudwatch/alarms/window.ts'
import { type Watched, watchedBy } from '#services/cloudwatch/alarms/watched.ts'
import type { MetricJournal } from '#stores/journals/metric-journal.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** Alarms that are evaluated together; each looks at 1,442 periods at most. Bounds memory. */
const ALARMS_AT_ONCE = 100

export interface EvaluatorDeps extends ActionWays {
  readonly records: RecordStore
  readonly alarms: Alarms
  readonly journal: Pick<MetricJournal, 'statistics'>
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** An alarm with what it watches. */
interface Watch {
  readonly alarm: Alarm
  readonly watched: Watched
  /** Where its metric is, and what it is called; alarms on one metric have the same. */
  readonly metric: string
  /** The evaluation that was done last; `undefined`: none, or none with these settings. */
  slot: number | undefined
}

/** Evaluates alarms when they are due, and takes the actions of those that went into another state. */
export class AlarmEvaluator {
  readonly #deps: EvaluatorDeps
  readonly #watches = new Map<string, Watch>()
  readonly #changed = new Map<string, RecordKey>()
  #stopWatching: (() => void) | undefined
  readonly #stopping = new AbortController()

  constructor(deps: EvaluatorDeps) {
    this.#deps = deps
  }

  /** Goes on with what an earlier run left. */
  async start(): Promise<void> {
    const { records } = this.#deps
    this.#stopWatching = records.watch(ALARMS, (key) => this.#changed.set(textOf(key), key))
    for (const stored of await records.listAll<AlarmRecord>(ALARMS))
      this.#watches.set(textOf(stored.key), watchOf(readAlarm(stored), undefined))
  }

  /** One round: evaluates what is due now, then takes the actions that are due. */
  async run(): Promise<void> {
    await this.#refresh()
    const { clock } = this.#deps
    const now = clock.now()
    const due = [...this.#watches.values()].flatMap((watch) => {
      const slot = slotOf(watch, now)
      return slot === watch.slot ? [] : [{ watch, slot }]
    })
    // Those on the same metric are evaluated together, so that it is read once for all of them.
    due.sort((a, b) => (a.watch.metric < b.watch.metric ? -1 : a.watch.metric > b.watch.metric ? 1 : 0))
    for (let first = 0; first < due.length; first += ALARMS_AT_ONCE)
      await this.#evaluate(due.slice(first, first + ALARMS_AT_ONCE), now)
    await this.#refresh()
    for (const { alarm } of this.#watches.values())
      if (alarm.untold.length > 0 && !this.#stopping.signal.aborted) await this.#takeActions(alarm)
  }

  close(): void {
    this.#stopping.abort()
    this.#stopWatching?.()
  }

  async #refresh(): Promise<void> {
    for (const [text, key] of [...this.#changed]) {
      this.#changed.delete(text)
      const stored = await this.#deps.records.get<AlarmRecord>(key)
      const before = this.#watches.get(text)
      if (stored === undefined) {
        this.#watches.delete(text)
        continue
      }
      const alarm = readAlarm(stored)
      const isSame = before?.alarm.configuredAt === alarm.configuredAt
      this.#watches.set(text, watchOf(alarm, isSame ? before?.slot : undefined))
    }
  }

  async #evaluate(due: readonly { readonly watch: Watch; readonly slot: number }[], now: number): Promise<void> {
    const { journal, telemetry } = this.#deps
    const { signal } = this.#stopping
    const source = new SharedReads(journal, signal)
    await Promise.all(
      due.map(async ({ watch, slot }) => {
        const { alarm, watched } = watch
        const { account, region } = alarm.place
        const reader = { account: accountId(account), region: regionOf(region), now, signal }
        try {
          const state = await evaluateAlarm(alarm, watched, source, reader)
          if (state !== undefined) await this.#goInto(alarm, state)
          else await this.#note(alarm, undefined)
          watch.slot = slot
        } catch (error) {
          // An expression that cannot be worked out will not be better in a second; a journal that cannot be read may.
          if (error instanceof AwsError) {
            watch.slot = slot
            await this.#note(alarm, error.message)
          }
          const { name, place } = alarm
          telemetry.log.warn({ event: 'alarm_not_evaluated', alarm: name, ...place, message: messageOf(error) })
        }
      }),
    )
    telemetry.meter.add('alarm_evaluations_total', due.length)
  }

  /** Unless the alarm was changed meanwhile: then it is judged anew. */
  async #goInto(alarm: Alarm, state: AlarmState): Promise<void> {
    const { place, name, revision } = alarm
    await this.#deps.alarms.change(place, name, (now) =>
      now?.revision === revision
        ? { record: inState(now, state), history: [stateItem({ from: now.state, to: state })] }
        : undefined,
    )
    this.#deps.telemetry.meter.add('alarm_state_changes_total', 1, { state: state.value })
  }

  /** Whether an alarm can be evaluated, where that has changed. */
  async #note(alarm: Alarm, trouble: string | undefined): Promise<void> {
    if (alarm.trouble === trouble) return
    await this.#deps.alarms.change(alarm.place, alarm.name, (now) =>
      now?.revision === alarm.revision ? { record: withTrouble(now, trouble), history: [] } : undefined,
    )
  }

  async #takeActions(alarm: Alarm): Promise<void> {
    const { alarms, clock, telemetry } = this.#deps
    const history: HistoryItem[] = []
    for (const change of alarm.untold) {
      for (const action of actionsOf(alarm, change)) {
        const failure = await takeAction(this.#deps, action, alarm, change)
        history.push(actionItem(action, failure, clock.now()))
        telemetry.meter.add('alarm_actions_total', 1, { outcome: failure === undefined ? 'succeeded' : 'failed' })
      }
    }
    const told = new Set(alarm.untold.map(({ to }) => JSON.stringify(to)))
    await alarms.change(alarm.place, alarm.name, (now) => {
      if (now === undefined) return undefined
      // It may have gone into yet another state; those actions are still to be taken.
      const untold = now.untold.filter(({ to }) => !told.has(JSON.stringify(to)))
      return { record: { ...recordOf(now), untold }, history }
    })
  }
}

const textOf = ({ account, region, id }: RecordKey): string => `${account}/${region}/${id}`

function watchOf(alarm: Alarm, slot: number | undefined): Watch {
  const { place, settings } = alarm
  const watched = watchedBy(settings, place.account)
  const name = watched.kind === 'metric' ? [watched.namespace, watched.metricName, watched.dimensions] : []
  return { alarm, watched, metric: JSON.stringify([place.account, place.region, ...name]), slot }
}

const slotOf = ({ alarm: { settings }, watched: { period } }: Watch, now: number): number =>
  slotAt({ period, evaluated: settings.EvaluationPeriods }, now)
