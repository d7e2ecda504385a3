import { join } from 'node:path'

/** Where the files of one node of a RabbitMQ broker are. */
export interface RabbitmqLayout {
  readonly base: string
  readonly conf: string
  readonly log: string
  /** Messages, users, and whatever its owner makes in it. */
  readonly mnesia: string
  /** Is there until the node was up for the first time: what it has is not yet anybody's. */
  readonly unfinished: string
  /** The nodes and their tools know each other by it. */
  readonly cookie: string
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
    unfinished: join(base, 'unfinished'),
    cookie: join(base, 'home', '.erlang.cookie'),
    home: join(base, 'home'),
    inner: join(base, 'inner'),
    certificate: join(base, 'certificate.pem'),
  }
}

/** Files `rabbit-<n>.log`; each start begins one, since RabbitMQ's own rotation would rename. */
export const LOG_PREFIX = 'rabbit'
