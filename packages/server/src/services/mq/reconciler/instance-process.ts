import type { BrokerEngine, BrokerExit, BrokerSpec, RunningBroker } from '#engines/broker-engine.ts'
import { messageOf } from '#kernel/errors.ts'

/** One broker instance's process, whoever started it. */
export class InstanceProcess {
  readonly #engine: BrokerEngine
  readonly #brokerId: string
  readonly #instance: number
  readonly #endedByItself: (exit: BrokerExit) => void
  #current: RunningBroker | undefined
  #isAdoptionTried = false

  /** @param endedByItself hears of an end that {@link stop} did not cause */
  constructor(engine: BrokerEngine, brokerId: string, instance: number, endedByItself: (exit: BrokerExit) => void) {
    this.#engine = engine
    this.#brokerId = brokerId
    this.#instance = instance
    this.#endedByItself = endedByItself
  }

  get current(): RunningBroker | undefined {
    return this.#current
  }

  /** Takes over a process from an earlier life of the platform; looked for once. */
  async adopt(): Promise<RunningBroker | undefined> {
    if (this.#isAdoptionTried) return undefined
    const found = await this.#engine.adopt(this.#brokerId, this.#instance)
    this.#isAdoptionTried = true
    return found && this.#take(found)
  }

  async start(spec: BrokerSpec, signal: AbortSignal): Promise<RunningBroker> {
    // The engine ends what is left of an earlier process; that end is no crash.
    this.#current = undefined
    return this.#take(await this.#engine.start(spec, signal))
  }

  /** Also ends a process that was never taken over. */
  async stop(): Promise<void> {
    this.#current = undefined
    await this.#engine.stop(this.#brokerId, this.#instance)
  }

  #take(broker: RunningBroker): RunningBroker {
    this.#current = broker
    void this.#follow(broker)
    return broker
  }

  async #follow(broker: RunningBroker): Promise<void> {
    const exit = await broker.exited.catch((error: unknown): BrokerExit => ({
      code: null,
      signal: null,
      lastOutput: messageOf(error),
    }))
    if (this.#current !== broker) return
    this.#current = undefined
    this.#endedByItself(exit)
  }
}
