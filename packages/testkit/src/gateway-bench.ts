import { randomBytes } from 'node:crypto'
import { type Apis, type OpenDigests, type Reply, type RequestHead, type ServiceId, signRequest } from '@sluice/wire'
import { type MemoryApiJournal, memoryApiJournal } from './memory-api-journal.ts'
import { memoryMetricJournal } from './memory-metric-journal.ts'
import { openAudit } from '../../server/src/audit/audit.ts'
import { openDeliveries } from '../../server/src/delivery/deliveries.ts'
import { authorizationMessages } from '../../server/src/kernel/authorization-message.ts'
import type { Call, Checkpoint } from '../../server/src/kernel/call.ts'
import type { IamMode } from '../../server/src/kernel/config.ts'
import type { Principal, ServicePrincipal } from '../../server/src/kernel/principal.ts'
import type { IdentityPort, Service } from '../../server/src/kernel/service.ts'
import { type LogFields, type Telemetry, silentTelemetry } from '../../server/src/kernel/telemetry.ts'
import { type Gateway, openGateway } from '../../server/src/gateway/chain.ts'
import { type DenialLog, openDenialLog } from '../../server/src/gateway/denials/denial-log.ts'
import type { GatekeeperDeps } from '../../server/src/gateway/gatekeeper.ts'
import { type Registry, type Services, openRegistry } from '../../server/src/gateway/registry.ts'
import type { GatewayRequest } from '../../server/src/gateway/request.ts'
import { type CloudTrail, cloudtrailService } from '../../server/src/services/cloudtrail/index.ts'
import { cloudwatchService } from '../../server/src/services/cloudwatch/index.ts'
import { iamService } from '../../server/src/services/iam/index.ts'
import { type Bench, openBench } from '../../server/src/services/iam/test-bench.ts'
import { sessionPort } from '../../server/src/services/iam/port.ts'
import { stsService } from '../../server/src/services/sts/index.ts'
import { unbuiltServices } from '../../server/src/services/unbuilt.ts'
import type { ApiJournal } from '../../server/src/stores/journals/api-journal.ts'

/** A service that does what the test says. */
type Scripted<S extends keyof Apis> = Partial<
  Pick<
    Service<S>,
    'operations' | 'access' | 'secrets' | 'additionalData' | 'resourcePolicies' | 'resourceTags' | 'denials'
  >
>

export interface GatewayBenchOptions {
  readonly logs?: Scripted<'logs'>
  readonly mq?: Scripted<'mq'>
  readonly s3?: Scripted<'s3'>
  readonly kms?: Scripted<'kms'>
  readonly sns?: Scripted<'sns'>
  /** Changes what IAM answers. */
  readonly identity?: (real: IdentityPort) => IdentityPort
  /** Whether denials end calls; `enforce` when left out. */
  readonly mode?: IamMode
  /** Where streamed bodies are digested; left out: on this thread. */
  readonly openDigests?: OpenDigests
  /** What CloudWatch Logs has committed of a delivery; left out: nothing. */
  readonly checkpoint?: (source: string) => Promise<Checkpoint | undefined>
  /** Changes where records go. */
  readonly journal?: (real: ApiJournal) => ApiJournal
}

/** Who signs; left out: root of the bench's account, for us-east-1. */
export interface Signing {
  readonly accessKeyId?: string
  readonly secret?: string
  readonly region?: string
  readonly sessionToken?: string
  readonly now?: Date
}

/** An audit record. */
export type AuditRecord = Readonly<Record<string, unknown>>

export interface GatewayBench {
  readonly iam: Bench
  readonly gateway: Gateway
  readonly registry: Registry
  readonly identity: IdentityPort
  /** What judges calls. */
  readonly gatekeeping: GatekeeperDeps
  /** Why calls were denied. */
  readonly denials: DenialLog
  readonly telemetry: Telemetry
  readonly journal: MemoryApiJournal
  readonly cloudtrail: CloudTrail
  /** What was logged as an error. */
  readonly errors: readonly LogFields[]
  /** What was logged as a warning. */
  readonly warnings: readonly LogFields[]
  /** Every counter that was added to, as `name{label=value,…} sum`. */
  counters(): readonly string[]
  /** Every audit record so far, oldest first. */
  records(): readonly AuditRecord[]
  /** A signed call of a JSON service or of IAM and STS. */
  send(
    service: 'logs' | 'cloudtrail' | 'kms' | 'iam' | 'sts',
    operation: string,
    input?: object,
    signing?: Signing,
  ): Promise<Reply>
  /** A signed call of Amazon MQ. */
  rest(method: string, path: string, input?: object, signing?: Signing): Promise<Reply>
  /** A new user with one inline policy, and the key it signs with. */
  user(
    userName: string,
    policy?: object,
  ): Promise<{ readonly principal: Principal; readonly key: Required<Pick<Signing, 'accessKeyId' | 'secret'>> }>
  close(): Promise<void>
}

/** The account of a 12-digit key id; IAM's bench keeps its users there. */
export const ROOT_KEY: Signing = { accessKeyId: '111122223333', secret: 'test' }

/** For tests: the whole chain on real IAM records, with services that do what the test says. */
export function openGatewayBench(options: GatewayBenchOptions = {}): GatewayBench {
  const iam = openBench()
  const journal = memoryApiJournal()
  const errors: LogFields[] = []
  const warnings: LogFields[] = []
  const counters = new Map<string, number>()
  const telemetry: Telemetry = {
    log: { ...silentTelemetry.log, error: (fields) => errors.push(fields), warn: (fields) => warnings.push(fields) },
    meter: {
      ...silentTelemetry.meter,
      add: (name, amount, labels = {}) => {
        const key = `${name}{${Object.entries(labels)
          .map((pair) => pair.join('='))
          .join(',')}}`
        counters.set(key, (counters.get(key) ?? 0) + amount)
      },
    },
  }
  const messages = authorizationMessages(randomBytes(32))
  const late: { call?: Call } = {}
  const lateCall: Call = (...parameters) => {
    if (late.call === undefined) throw new Error('a service called another one before the gateway was there')
    return late.call(...parameters)
  }
  const deliveries = openDeliveries({
    call: lateCall,
    checkpoint: options.checkpoint ?? (async () => undefined),
    clock: iam.clock,
    telemetry,
  })
  const cloudtrail = cloudtrailService({ ...iam, journal, deliveries })
  const services: Services = {
    ...unbuiltServices,
    iam: iamService(iam),
    sts: stsService({ sessions: sessionPort(iam), clock: iam.clock, messages }),
    cloudtrail: cloudtrail.service,
    cloudwatch: cloudwatchService({
      ...iam,
      journal: memoryMetricJournal(),
      call: lateCall,
      absent: new Set(),
      telemetry,
    }).service,
    logs: scripted('logs', 'logs.amazonaws.com', options.logs),
    mq: scripted('mq', 'amazonmq.amazonaws.com', options.mq),
    s3: scripted('s3', 's3.amazonaws.com', options.s3),
    kms: scripted('kms', 'kms.amazonaws.com', options.kms),
    sns: scripted('sns', 'sns.amazonaws.com', options.sns),
  }
  const registry = openRegistry(services)
  const real = iam.identity({ loopback: true })
  const identity = options.identity?.(real) ?? real
  const audit = openAudit(options.journal?.(journal) ?? journal, cloudtrail.dataCalls)
  const wording = { policyArns: true, messages }
  const gatekeeping: GatekeeperDeps = { identity, wording, mode: options.mode ?? 'enforce' }
  const denials = openDenialLog(iam.records, telemetry)
  const gateway = openGateway({
    ...gatekeeping,
    registry,
    audit,
    clock: iam.clock,
    telemetry,
    denials,
    ...(options.openDigests === undefined ? {} : { openDigests: options.openDigests }),
  })
  late.call = gateway.call
  return {
    iam,
    gateway,
    registry,
    identity,
    gatekeeping,
    denials,
    telemetry,
    journal,
    cloudtrail,
    errors,
    warnings,
    counters: () => [...counters].map(([key, sum]) => `${key} ${String(sum)}`),
    records: () => journal.events().map(({ record }) => JSON.parse(record) as AuditRecord),
    send: (service, operation, input = {}, signing = {}) => gateway.handle(callOf(service, operation, input, signing)),
    rest: (method, path, input, signing = {}) => gateway.handle(restCallOf(method, path, input, signing)),
    user: async (userName, policy) => {
      const principal = await iam.createUser(userName)
      if (policy !== undefined)
        await iam.call('PutUserPolicy', {
          UserName: userName,
          PolicyName: 'inline',
          PolicyDocument: JSON.stringify(policy),
        })
      const { AccessKey } = await iam.call('CreateAccessKey', { UserName: userName })
      return { principal, key: { accessKeyId: AccessKey.AccessKeyId, secret: AccessKey.SecretAccessKey } }
    },
    close: async () => {
      await cloudtrail.logsDelivery.close()
      await deliveries.close()
      await iam.close()
    },
  }
}

const scripted = <S extends keyof Apis>(
  name: S,
  eventSource: ServicePrincipal,
  script: Scripted<S> = {},
): Service<S> => ({
  name,
  eventSource,
  global: false,
  operations: {},
  access: {},
  secrets: {},
  ...script,
})

/** For tests: a request as the server hands it on. */
export const requestOf = (head: Partial<RequestHead> = {}, body: string | Uint8Array = ''): GatewayRequest => ({
  head: { method: 'GET', rawUrl: '/', headers: {}, ...head },
  body: typeof body === 'string' ? Buffer.from(body) : body,
  source: { ip: '127.0.0.1', userAgent: 'test' },
  signal: new AbortController().signal,
})

const TARGETS = { logs: 'Logs_20140328', cloudtrail: 'CloudTrail_20131101', kms: 'TrentService' } as const
const VERSIONS = { iam: '2010-05-08', sts: '2011-06-15' } as const

/** A signed request to a JSON service, IAM or STS, as it comes off the network. */
export function callOf(
  service: keyof typeof TARGETS | keyof typeof VERSIONS,
  operation: string,
  input: object | string,
  signing: Signing = {},
): GatewayRequest {
  if (service === 'logs' || service === 'cloudtrail' || service === 'kms') {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${TARGETS[service]}.${operation}` }
    return signedRequest(
      service,
      'POST',
      '/',
      headers,
      typeof input === 'string' ? input : JSON.stringify(input),
      signing,
    )
  }
  const form = new URLSearchParams({
    Action: operation,
    Version: VERSIONS[service],
    ...(typeof input === 'string' ? {} : input),
  })
  return signedRequest(
    service,
    'POST',
    '/',
    { 'content-type': 'application/x-www-form-urlencoded' },
    form.toString(),
    signing,
  )
}

/** A signed request to Amazon MQ, or to a path of the platform's own. */
export const restCallOf = (method: string, path: string, input?: object, signing: Signing = {}): GatewayRequest =>
  signedRequest(
    'mq',
    method,
    path,
    input === undefined ? {} : { 'content-type': 'application/json' },
    input === undefined ? '' : JSON.stringify(input),
    signing,
  )

function signedRequest(
  service: ServiceId,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
  signing: Signing,
): GatewayRequest {
  const url = `http://localhost:4566${path}`
  const signed = signRequest({
    method,
    url,
    headers,
    body,
    service,
    region: 'us-east-1',
    accessKeyId: '111122223333',
    secret: 'test',
    ...signing,
  })
  return requestOf({ method, rawUrl: path, headers: signed }, body)
}

/** The code of an error answer, in whatever protocol it is. */
export function codeOf(reply: Reply): string {
  const text = String(reply.body)
  const header = reply.headers['x-amzn-errortype']
  if (header !== undefined) return header
  const xml = /<Code>([^<]*)<\/Code>/.exec(text)?.[1]
  return xml ?? String((JSON.parse(text) as { readonly __type?: string }).__type)
}

/** The message of an error answer, in whatever protocol it is. */
export function messageIn(reply: Reply): string {
  const text = String(reply.body)
  return /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? (JSON.parse(text) as { readonly message: string }).message
}

/** An operation whose permission is `action` on `*`. */
export const needs = (
  action: string,
  kind: Partial<{ readonly category: 'management' | 'data'; readonly readOnly: boolean }> = {},
) => ({
  category: 'management' as const,
  readOnly: false,
  ...kind,
  checks: () => [{ action, resource: '*' }],
})

/** A policy document with these statements. */
export const policy = (...statements: readonly object[]): object => ({ Version: '2012-10-17', Statement: statements })
export const allow = (action: string, more: object = {}): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  ...more,
})
export const deny = (action: string): object => ({ Effect: 'Deny', Action: action, Resource: '*' })
