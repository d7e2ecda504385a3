import type { DeliverySpec, DeliveryStatus } from '#delivery/delivery.ts'
import type { Runner } from '#delivery/runner.ts'

/** Starts a runner; `before` is the status in which the last one ended. */
type Run = (spec: DeliverySpec, before: DeliveryStatus | undefined) => Runner

/** One delivery over its starts and stops: never two runners at a time, and nothing else at the source while one runs. */
export class Lane {
  readonly #run: Run
  #runner: Runner | undefined
  #spec: DeliverySpec | undefined
  /** Starts as soon as what is under way has ended. */
  #wanted: DeliverySpec | undefined
  #underWay: Promise<void> | undefined
  #lastStatus: DeliveryStatus | undefined

  constructor(run: Run) {
    this.#run = run
  }

  /** True when nothing runs or is about to. */
  get isResting(): boolean {
    return this.#runner === undefined && this.#underWay === undefined
  }

  status(): DeliveryStatus | undefined {
    return this.#runner?.status() ?? this.#lastStatus
  }

  start(spec: DeliverySpec): void {
    if (this.#underWay !== undefined) this.#wanted = spec
    else if (this.#runner === undefined) {
      this.#spec = spec
      this.#runner = this.#run(spec, this.#lastStatus)
    }
  }

  async stop(options: { readonly drainMillis?: number }): Promise<void> {
    this.#wanted = undefined
    const hastened = this.#underWay === undefined ? undefined : this.#runner?.stop(options)
    await this.#exclusively(() => this.#end(options))
    await hastened
  }

  /** Does something else with the source: a delivery that runs is stopped before and started again after. */
  aside(work: () => Promise<void>): Promise<void> {
    return this.#exclusively(async () => {
      if (this.#runner !== undefined) this.#wanted ??= this.#spec
      await this.#end({})
      await work()
    })
  }

  async #end(options: { readonly drainMillis?: number }): Promise<void> {
    const runner = this.#runner
    if (runner === undefined) return
    await runner.stop(options)
    this.#lastStatus = runner.status()
    this.#runner = undefined
  }

  /** One after the other; then what was wanted meanwhile starts. */
  async #exclusively(work: () => Promise<void>): Promise<void> {
    const before = this.#underWay
    const mine = (async () => {
      await before?.catch(() => {})
      await work()
    })()
    this.#underWay = mine
    try {
      await mine
    } finally {
      if (this.#underWay === mine) {
        this.#underWay = undefined
        const wanted = this.#wanted
        this.#wanted = undefined
        if (wanted !== undefined) this.start(wanted)
      }
    }
  }
}
