import type { BrokerEngine, BrokerExit, RunningBroker } from '#engines/broker-engine.ts'
import { InstanceProcess } from '#services/mq/reconciler/instance-process.ts'

/** An instance that runs. */
export interface RunningInstance {
  readonly number: number
  readonly broker: RunningBroker
}

/** The processes of one broker, one an instance, whoever started them. */
export class BrokerProcesses {
  readonly #engine: BrokerEngine
  readonly #brokerId: string
  readonly #endedByItself: (exit: BrokerExit) => void
  readonly #instances = new Map<number, InstanceProcess>()

  /** @param endedByItself hears of an end that {@link stop} did not cause */
  constructor(engine: BrokerEngine, brokerId: string, endedByItself: (exit: BrokerExit) => void) {
    this.#engine = engine
    this.#brokerId = brokerId
    this.#endedByItself = endedByItself
  }

  instance(number: number): InstanceProcess {
    const known = this.#instances.get(number)
    if (known !== undefined) return known
    const made = new InstanceProcess(this.#engine, this.#brokerId, number, this.#endedByItself)
    this.#instances.set(number, made)
    return made
  }

  /** Those of the instances that run, by number. */
  running(numbers: readonly number[]): readonly RunningInstance[] {
    return numbers.flatMap((number) => {
      const broker = this.#instances.get(number)?.current
      return broker === undefined ? [] : [{ number, broker }]
    })
  }

  /** Those of the instances that do not run. */
  missing(numbers: readonly number[]): readonly number[] {
    return numbers.filter((number) => this.#instances.get(number)?.current === undefined)
  }

  /** Takes over what runs from an earlier life of the platform; answers what was taken over just now. */
  async adopt(numbers: readonly number[]): Promise<readonly RunningInstance[]> {
    const adopted: RunningInstance[] = []
    for (const number of this.missing(numbers)) {
      const broker = await this.instance(number).adopt()
      if (broker !== undefined) adopted.push({ number, broker })
    }
    return adopted
  }

  /** Stops all at the same time: a standby that outlived the other instance would take its place first. */
  async stop(numbers: readonly number[]): Promise<void> {
    await Promise.all(numbers.map((number) => this.instance(number).stop()))
  }
}
