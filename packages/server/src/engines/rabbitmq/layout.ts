import { join } from 'node:path'

/** Where the files of a RabbitMQ broker are; it has one instance. */
export interface RabbitmqLayout {
  readonly base: string
  readonly conf: string
  readonly log: string
  /** Messages, users, and whatever its owner makes in it. */
  readonly mnesia: string
  /** Holds the cookie with which its tools talk to the node. */
  readonly home: string
  /** Keeps the addresses of the ports that only the machine itself sees. */
  readonly inner: string
  readonly certificate: string
}

export function rabbitmqLayout(base: string): RabbitmqLayout {
  return {
    base,
    conf: join(base, 'conf'),
    log: join(base, 'log'),
    mnesia: join(base, 'mnesia'),
    home: join(base, 'home'),
    inner: join(base, 'inner'),
    certificate: join(base, 'certificate.pem'),
  }
}

/** Files `rabbit-<n>.log`; each start begins one, since RabbitMQ's own rotation would rename. */
export const LOG_PREFIX = 'rabbit'
