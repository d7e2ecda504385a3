import type {
  BrokerAddress,
  BrokerExit,
  BrokerLog,
  BrokerReading,
  BrokerSpec,
  LdapFault,
} from '#engines/broker-engine.ts'
import type { LogKind } from '#services/mq/broker-record.ts'

interface WorldProcess {
  readonly pid: number
  readonly spec: BrokerSpec
  readonly end: (exit: BrokerExit) => void
  readonly exited: Promise<BrokerExit>
}

/** What a test may make go wrong; each entry is used up by one start or installation. */
interface Troubles {
  readonly installs: string[]
  readonly starts: ((spec: BrokerSpec) => string | undefined)[]
}

/** For tests: names the process of an instance; that of a first instance is its broker's id. */
export const instanceKey = (brokerId: string, instance: number): string =>
  instance === 1 ? brokerId : `${brokerId}#${String(instance)}`

/** For tests: the machine that outlives a platform — broker processes, their log files, and what was delivered of them. */
export class World {
  readonly processes = new Map<string, WorldProcess>()
  /** Lines by delivery id, as the broker wrote them. */
  readonly files = new Map<string, string[]>()
  /** How far each delivery has come, in lines; kept by the destination. */
  readonly positions = new Map<string, number>()
  /** Lines by `group stream`. */
  readonly delivered = new Map<string, string[]>()
  /** What brokers say about themselves, by {@link instanceKey}. */
  readonly readings = new Map<string, BrokerReading>()
  /** Instances whose certificate is near its end, by {@link instanceKey}; a start renews it. */
  readonly dueCertificates = new Set<string>()
  readonly installed = new Set<string>()
  /** What LDAP servers are found to lack; `undefined`: nothing. */
  ldapFault: LdapFault | undefined
  /** Each time that they were asked: `<password>@<hosts>`. */
  readonly askedOfLdap: string[] = []
  /** Every start, in order. */
  readonly starts: BrokerSpec[] = []
  readonly removed: string[] = []
  /** Hears of every process that ended. */
  onEnd: ((process: string) => void) | undefined
  readonly troubles: Troubles = { installs: [], starts: [] }
  readonly #hearers = new Set<() => void>()
  #pids = 100
  #addresses = new Map<string, number>()

  address(brokerId: string): BrokerAddress {
    const number = this.#addresses.get(brokerId) ?? this.#addresses.size + 1
    this.#addresses.set(brokerId, number)
    const ip = `127.17.0.${String(number)}`
    const endpoints = [
      `ssl://${ip}:61617`,
      `amqp+ssl://${ip}:5671`,
      `stomp+ssl://${ip}:61614`,
      `mqtt+ssl://${ip}:8883`,
      `wss://${ip}:61619`,
    ]
    return { ipAddress: ip, endpoints, consoleUrl: `https://${ip}:8162` }
  }

  launch(spec: BrokerSpec): WorldProcess {
    const { promise, resolve } = Promise.withResolvers<BrokerExit>()
    const broker = { pid: ++this.#pids, spec, end: resolve, exited: promise }
    const process = instanceKey(spec.brokerId, spec.instance)
    this.processes.set(process, broker)
    this.dueCertificates.delete(process)
    this.starts.push(spec)
    this.write(process, 'general', `start ${String(this.starts.length)}`)
    if (spec.logs.audit) this.write(process, 'audit', `audit start ${String(this.starts.length)}`)
    if (spec.logs.security) this.write(process, 'security', `security start ${String(this.starts.length)}`)
    return broker
  }

  /** The process, as {@link instanceKey} gives it, ends; with `lastWords` in order, without as after kill -9. */
  end(process: string, exit: BrokerExit, lastWords?: string): void {
    const broker = this.processes.get(process)
    if (broker === undefined) return
    if (lastWords !== undefined) this.write(process, 'general', lastWords)
    this.processes.delete(process)
    broker.end(exit)
    this.onEnd?.(process)
  }

  /** @param process as {@link instanceKey} gives it */
  write(process: string, log: BrokerLog, line: string): void {
    const [brokerId = '', instance = '1'] = process.split('#')
    const id = `mq/${brokerId}/${instance}/${log}`
    this.files.set(id, [...(this.files.get(id) ?? []), line])
    for (const hear of this.#hearers) hear()
  }

  onWrite(hear: () => void): () => void {
    this.#hearers.add(hear)
    return () => this.#hearers.delete(hear)
  }

  lines(brokerId: string, log: LogKind, instance = 1, suffix = ''): readonly string[] {
    const stream = `activemq-${brokerId}-${String(instance)}${suffix}.log`
    return this.delivered.get(`/aws/amazonmq/broker/${brokerId}/${log} ${stream}`) ?? []
  }
}
