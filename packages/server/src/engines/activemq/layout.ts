import { join } from 'node:path'

/** Where the files of one broker instance are. */
export interface InstanceLayout {
  /** Base directory and working directory of the process. */
  readonly base: string
  readonly conf: string
  /** The message store. */
  readonly data: string
  readonly log: string
  readonly tmp: string
  readonly keyStore: string
  readonly certificate: string
}

/** Broker ids and instance numbers become file names, and whole folders are deleted by them. */
const BROKER_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/

/** @throws Error when the id could name anything but a folder of its own */
export function brokerDirectory(dataDirectory: string, brokerId: string): string {
  if (!BROKER_ID.test(brokerId)) throw new Error(`${JSON.stringify(brokerId)} is no broker id`)
  return join(dataDirectory, 'brokers', brokerId)
}

export function instanceLayout(dataDirectory: string, brokerId: string, instance: number): InstanceLayout {
  if (!Number.isInteger(instance) || instance < 1) throw new Error(`${String(instance)} is no number of a broker instance`)
  const base = join(brokerDirectory(dataDirectory, brokerId), String(instance))
  const conf = join(base, 'conf')
  return {
    base,
    conf,
    data: join(base, 'data'),
    log: join(base, 'log'),
    tmp: join(base, 'tmp'),
    keyStore: join(conf, 'broker.p12'),
    certificate: join(base, 'certificate.pem'),
  }
}
