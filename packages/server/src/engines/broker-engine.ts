/** A user of a broker, as CreateBroker gives it. */
export interface BrokerUser {
  readonly username: string
  readonly password: string
  readonly groups: readonly string[]
  readonly consoleAccess: boolean
}

/** LDAP servers that know the users of a broker, with the names of Amazon MQ's `ldapServerMetadata`. */
export interface LdapDirectory {
  /** One or two names without scheme and port; the second is asked when the first does not answer. */
  readonly hosts: readonly string[]
  /** Who searches the directory, usually a distinguished name. */
  readonly serviceAccountUsername: string
  readonly serviceAccountPassword: string
  readonly userBase: string
  /** A filter; `{0}` is the name that a client gives. */
  readonly userSearchMatching: string
  readonly userSearchSubtree: boolean
  /** The attribute of a user's entry that names groups. */
  readonly userRoleName?: string
  readonly roleBase: string
  /** A filter; `{0}` is the distinguished name of a user, `{1}` the name that a client gives. */
  readonly roleSearchMatching: string
  readonly roleSearchSubtree: boolean
  /** The attribute of a group's entry that is its name; left out: groups are not searched. */
  readonly roleName?: string
}

/** Why a directory cannot serve a broker. `unsafe`: whoever knows a name could log in. */
export interface LdapFault {
  readonly kind: 'unusable' | 'unsafe'
  /** A sentence: what happened, and what to do. */
  readonly reason: string
}

/** An element of a broker's configuration; values stand in attributes. */
export interface ConfigurationElement {
  readonly name: string
  readonly attributes: readonly { readonly name: string; readonly value: string }[]
  readonly children: readonly ConfigurationElement[]
}

/** Everything that decides how one broker instance runs; a restart with the same spec gives the same broker. */
export interface BrokerSpec {
  readonly brokerId: string
  /** 1, or 2 for the standby of a pair; 1 to 3 in a cluster. */
  readonly instance: number
  /** The numbers of all instances of the broker, this one among them: those of ActiveMQ share a store, those of RabbitMQ a cluster. */
  readonly instances: readonly number[]
  readonly brokerName: string
  /** A full engine version, e.g. `5.18.3`. */
  readonly engineVersion: string
  /** e.g. `mq.m5.large`; decides the heap. */
  readonly hostInstanceType: string
  readonly users: readonly BrokerUser[]
  /** Who knows the broker's clients instead of `users`, who then serve network connectors only. */
  readonly ldap?: LdapDirectory
  /** The `<broker>` of its owner, permitted elements only; listeners, storage, authentication and logging are the engine's. */
  readonly configuration: ConfigurationElement
  /** Which logs the broker writes for delivery. `security`: connections, log-ins and denials, beside `audit`. */
  readonly logs: { readonly general: boolean; readonly audit: boolean; readonly security: boolean }
}

/** What a running instance answers to. */
export interface BrokerAddress {
  /** The instance's own loopback address, which the nodes of a cluster share; stable across restarts. */
  readonly ipAddress: string
  /** In AWS's order: OpenWire, AMQP, STOMP, MQTT, WSS. */
  readonly endpoints: readonly string[]
  readonly consoleUrl: string
}

/** How a broker's process ended; code and signal are null for one that an earlier life of the platform launched. */
export interface BrokerExit {
  readonly code: number | null
  readonly signal: string | null
  /** The last lines the process wrote to its standard output, without secrets. */
  readonly lastOutput: string
}

/** A broker whose listeners and console answered when it was returned, or that was adopted. */
export interface RunningBroker {
  readonly pid: number
  readonly address: BrokerAddress
  /** Resolves when the process has ended, whoever ended it; also for an adopted process. */
  readonly exited: Promise<BrokerExit>
}

/** What a queue or topic says about itself, by AWS's names of metrics. */
export interface DestinationReading {
  readonly kind: 'Queue' | 'Topic'
  /** Of RabbitMQ. */
  readonly virtualHost?: string
  readonly name: string
  readonly gauges: Readonly<Record<string, number>>
  /** Of the messages since the broker's start; missing: it does not tell. */
  readonly messageBytes?: { readonly average: number; readonly greatest: number }
  /** Counted since the broker's start. */
  readonly counters: Readonly<Record<string, number>>
}

/** What an instance says about itself at one moment, by AWS's names of metrics. */
export interface BrokerReading {
  /** The name of the node that says it; missing: the engine has none, and its instances have numbers. */
  readonly node?: string
  /** Of the broker as a whole: every node says the same. */
  readonly whole?: Readonly<Record<string, number>>
  readonly gauges: Readonly<Record<string, number>>
  readonly destinations: readonly DestinationReading[]
}

/** One step of getting an engine onto the machine, for people who wait. */
export type InstallProgress = (step: {
  readonly what: string
  readonly doneBytes?: number
  readonly totalBytes?: number
}) => void

/** What an instance has files of; lines of `flow` are the platform's own, made of what it reads. */
export type BrokerLog = 'general' | 'audit' | 'security' | 'flow'

/** The directory and file-name prefix of a log: files `<prefix>-<n>.log`, n growing, never renamed. */
export interface BrokerLogFiles {
  readonly directory: string
  readonly prefix: string
  /** How an event is written; `stamped` when left out. */
  readonly records?: 'stamped' | 'lines'
}

/** What has to be on the machine before a broker can start. */
export interface EngineNeeds {
  /** A full engine version, e.g. `5.18.3`. */
  readonly engineVersion: string
  readonly hasLdap: boolean
}

/** A kind of broker, run as real processes. Every method throws an Error with one sentence for people when it cannot. */
export interface BrokerEngine {
  /** Must find or install the engine and its runtime (Java); several callers share one installation. */
  ensureInstalled(needs: EngineNeeds, progress?: InstallProgress): Promise<void>
  /** Must ask the servers of a directory whether they can serve a broker; `undefined`: they can. */
  checkLdap(ldap: LdapDirectory): Promise<LdapFault | undefined>
  /** Must take an address for the instance, or return the one it has. */
  reserveAddress(brokerId: string, instance: number): Promise<BrokerAddress>
  /** Must render, launch, and resolve when all listeners and the console answer. Ends a verified leftover process first. */
  start(spec: BrokerSpec, signal: AbortSignal): Promise<RunningBroker>
  /** Must return the instance's process if it still runs from an earlier life of the platform, verified by pid and start time. */
  adopt(brokerId: string, instance: number): Promise<RunningBroker | undefined>
  /** Must stop the instance in order (SIGTERM, then SIGKILL after a grace) and resolve when it is gone. */
  stop(brokerId: string, instance: number): Promise<void>
  /** Must stop all instances of the broker and delete its files; its addresses are free again. */
  remove(brokerId: string): Promise<void>
  /** Must read the instance's metrics without leaving a line in its logs; `undefined`: it does not run, or stands by. */
  readMetrics(brokerId: string, instance: number): Promise<BrokerReading | undefined>
  /** Must tell whether the instance's certificate is so near its end that the next start would renew it. */
  isCertificateDue(brokerId: string, instance: number): Promise<boolean>
  logFiles(brokerId: string, instance: number, log: BrokerLog): BrokerLogFiles
}

/** An engine version as AWS offers it, and the one that really runs. */
export interface EngineVersion {
  /** What requests say, e.g. `5.18`. */
  readonly requested: string
  /** What runs and what DescribeBroker says, e.g. `5.18.3`. */
  readonly runs: string
}
