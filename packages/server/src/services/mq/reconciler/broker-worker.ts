import type { BrokerExit } from '#engines/broker-engine.ts'
import { messageOf } from '#kernel/errors.ts'
import { type BrokerRecord, type BrokerRef, type BrokerState, instanceNumbers } from '#services/mq/broker-record.ts'
import { BrokerProcesses } from '#services/mq/reconciler/broker-processes.ts'
import { createStep } from '#services/mq/reconciler/create-step.ts'
import { deleteStep } from '#services/mq/reconciler/delete-step.ts'
import { rebootStep } from '#services/mq/reconciler/reboot-step.ts'
import { RestartPolicy } from '#services/mq/reconciler/restart-policy.ts'
import { runStep } from '#services/mq/reconciler/run-step.ts'
import {
  type ReconcilerDeps,
  SETTLED,
  type Step,
  type StepContext,
  type StepResult,
} from '#services/mq/reconciler/step.ts'

const STEPS: Readonly<Record<BrokerState, Step>> = {
  CREATION_IN_PROGRESS: createStep,
  RUNNING: runStep,
  CRITICAL_ACTION_REQUIRED: runStep,
  REBOOT_IN_PROGRESS: rebootStep,
  DELETION_IN_PROGRESS: deleteStep,
  // Nothing runs, and nothing is tried again: the broker waits to be deleted.
  CREATION_FAILED: () => Promise.resolve(SETTLED),
}

/** After a fault of ours, such as a record store that refuses. */
const RETRY_MILLIS = 5_000

/** Brings one broker to what its record says, one step at a time, until nothing is left to do. */
export class BrokerWorker {
  readonly #ref: BrokerRef
  readonly #deps: ReconcilerDeps
  readonly #restarts: RestartPolicy
  /** Made with the first look at the record, which says what engine the broker has. */
  #ctx: StepContext | undefined
  readonly #gone: () => void
  readonly #stopping = new AbortController()
  #isDirty = false
  #work: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param gone is called when the broker does not exist any more */
  constructor(ref: BrokerRef, deps: ReconcilerDeps, gone: () => void) {
    this.#ref = ref
    this.#gone = gone
    this.#deps = deps
    this.#restarts = new RestartPolicy(deps.clock, deps.tuning)
  }

  #contextOf(record: BrokerRecord): StepContext {
    const deps = this.#deps
    const engine = deps.engineOf(record)
    const processes = new BrokerProcesses(engine, record.brokerId, (exit) => {
      deps.telemetry.meter.add('mq_broker_exits_total', 1)
      this.#restarts.failed(exitReason(exit))
      this.poke()
    })
    return { ...deps, engine, processes, restarts: this.#restarts, signal: this.#stopping.signal }
  }

  /** Something may have changed: looks at the record again, now or when the step in hand is done. */
  poke(): void {
    this.#isDirty = true
    if (this.#work !== undefined || this.#stopping.signal.aborted) return
    clearTimeout(this.#timer)
    this.#work = this.#run().finally(() => {
      this.#work = undefined
      if (this.#isDirty) this.poke()
    })
  }

  /** Ends the step in hand; the record tells the next life where to go on. */
  async close(options: { readonly stopBroker: boolean }): Promise<void> {
    this.#stopping.abort(new Error('the platform stops'))
    clearTimeout(this.#timer)
    await this.#work
    if (!options.stopBroker) return
    const { slots, store, telemetry } = this.#deps
    await slots
      .run(async () => {
        const record = await store.get(this.#ref)
        if (record === undefined) return
        this.#ctx ??= this.#contextOf(record)
        await this.#ctx.processes.stop(instanceNumbers(record))
      })
      .catch((error: unknown) => {
        telemetry.log.warn({ event: 'broker_stop_failed', brokerId: this.#ref.brokerId, reason: messageOf(error) })
      })
  }

  async #run(): Promise<void> {
    while (this.#isDirty && !this.#stopping.signal.aborted) {
      this.#isDirty = false
      const result = await this.#step()
      if (result.kind === 'gone') return this.#gone()
      if (result.kind === 'again') this.#pokeIn(result.inMillis)
    }
  }

  async #step(): Promise<StepResult> {
    const { store, progress, telemetry, unseen } = this.#deps
    const { brokerId } = this.#ref
    try {
      const record = await store.get(this.#ref)
      if (record === undefined) {
        progress.clear(brokerId)
        unseen.seen(brokerId)
        return { kind: 'gone' }
      }
      this.#ctx ??= this.#contextOf(record)
      const result = await STEPS[record.state](record, this.#ctx)
      if (result.kind !== 'again') progress.clear(brokerId)
      const isSeen = this.#ctx.processes.running(instanceNumbers(record)).length > 0
      if (result.kind === 'gone' || isSeen) unseen.seen(brokerId)
      return result
    } catch (error) {
      if (this.#stopping.signal.aborted) return SETTLED
      telemetry.log.error({ event: 'broker_step_failed', brokerId: this.#ref.brokerId, reason: messageOf(error) })
      return { kind: 'again', inMillis: RETRY_MILLIS }
    }
  }

  #pokeIn(millis: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.poke(), millis).unref()
  }
}

const LAST_LINES = 5
const MAX_LAST_CHARACTERS = 500

function exitReason({ code, signal, lastOutput }: BrokerExit): string {
  const last = lastOutput.trim().split('\n').slice(-LAST_LINES).join('\n').slice(-MAX_LAST_CHARACTERS)
  return last === ''
    ? `The broker's process ${how(code, signal)}.`
    : `The broker's process ${how(code, signal)}. Its last lines: ${last}`
}

// How a process of an earlier life of the platform ended is not known.
function how(code: number | null, signal: string | null): string {
  if (signal !== null) return `was ended by ${signal}`
  return code === null ? 'ended' : `ended with exit code ${String(code)}`
}
