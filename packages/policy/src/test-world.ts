import { type DecideOptions, type DenialMessageOptions, parsePolicy } from './index.ts'
import type { AuthorizationRequest, Context, NamedPolicy, Policies, PolicyKind, PrincipalIdentity } from './index.ts'

/** A list of statements, a whole document, or either with a name. */
type PolicyCase =
  | readonly object[]
  | { readonly Statement: object }
  | { readonly name: string; readonly arn?: string; readonly policy: readonly object[] }
type PolicyList = readonly PolicyCase[]

/** What a case says of its request and policies; what it leaves out does not matter. */
export interface RequestCase {
  readonly principal?: string | PrincipalIdentity
  readonly action?: string
  /** The resource of the request. */
  readonly on?: string
  readonly resourceAccount?: string
  readonly context?: Context
  readonly resourcePolicyRequired?: boolean
  readonly identity?: PolicyList
  readonly resource?: PolicyList
  readonly trust?: PolicyList
  readonly boundary?: PolicyList
  readonly session?: PolicyList
  readonly endpoint?: PolicyList
  readonly scp?: readonly PolicyList[]
  readonly rcp?: readonly PolicyList[]
  readonly rcpServices?: readonly string[]
  readonly options?: DecideOptions
  readonly messageOptions?: DenialMessageOptions
  /** The resource as the message is given it, when that is not the resource of the request. */
  readonly tell?: string
}

const ACCOUNT = '111122223333'
const OTHER = '999988887777'
const session = (account: string): PrincipalIdentity => ({
  kind: 'role-session',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/deploy/ci`,
  roleArn: `arn:aws:iam::${account}:role/deploy`,
  uniqueId: 'AROADEPLOY00000000001',
})
const PRINCIPALS: Readonly<Record<string, PrincipalIdentity>> = {
  user: {
    kind: 'user',
    account: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:user/ada`,
    uniqueId: 'AIDAADA00000000000001',
    canonicalUserId: 'c0ffee',
  },
  root: { kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` },
  session: session(ACCOUNT),
  'service-linked': {
    kind: 'role-session',
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/AWSServiceRoleForAmazonMQ/x`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ`,
    serviceLinked: true,
  },
  'federated-user': {
    kind: 'federated-user',
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
    userArn: `arn:aws:iam::${ACCOUNT}:user/ada`,
  },
  'root-federated': {
    kind: 'federated-user',
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
    userArn: `arn:aws:iam::${ACCOUNT}:root`,
  },
  web: { kind: 'federated', provider: 'accounts.google.com' },
  service: { kind: 'service', service: 'mq.amazonaws.com', account: ACCOUNT },
  'foreign-service': { kind: 'service', service: 'mq.amazonaws.com', account: OTHER },
  'regional-service': { kind: 'service', service: 'logs.amazonaws.com', otherNames: ['logs.us-east-1.amazonaws.com'] },
  anonymous: { kind: 'anonymous' },
  outsider: { kind: 'user', account: OTHER, arn: `arn:aws:iam::${OTHER}:user/eve` },
  'outsider-session': session(OTHER),
  'outsider-root': { kind: 'root', account: OTHER, arn: `arn:aws:iam::${OTHER}:root` },
}

/** The request of a case. */
export function requestOf(one: RequestCase): AuthorizationRequest {
  const principal = typeof one.principal === 'object' ? one.principal : PRINCIPALS[one.principal ?? 'user']
  if (principal === undefined) throw new Error('a case names an unknown principal')
  return {
    principal,
    action: one.action ?? 'logs:PutLogEvents',
    resource: one.on ?? `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g:log-stream:s`,
    resourceAccount: one.resourceAccount ?? ACCOUNT,
    context: one.context ?? {},
    ...(one.resourcePolicyRequired === undefined ? {} : { resourcePolicyRequired: one.resourcePolicyRequired }),
  }
}

/** The policies of a case, parsed. */
export function policiesOf(one: RequestCase): Policies {
  const { boundary, session: sessions, endpoint, scp, rcp, rcpServices } = one
  return {
    identity: named('identity', 'identity', one.identity ?? []),
    resource: [...named('resource', 'resource', one.resource ?? []), ...named('trust', 'trust', one.trust ?? [])],
    ...(boundary === undefined ? {} : { boundary: named('boundary', 'identity', boundary) }),
    ...(sessions === undefined ? {} : { session: named('session', 'identity', sessions) }),
    ...(endpoint === undefined ? {} : { endpoint: named('endpoint', 'resource', endpoint) }),
    ...(scp === undefined ? {} : { scp: scp.map((level) => named('scp', 'identity', level)) }),
    ...(rcpServices === undefined ? {} : { rcpServices: new Set(rcpServices) }),
    ...(rcp === undefined ? {} : { rcp: rcp.map((level) => named('rcp', 'resource', level)) }),
  }
}

const named = (prefix: string, kind: PolicyKind, list: PolicyList): readonly NamedPolicy[] =>
  list.map((one, i) => {
    const isNamed = 'policy' in one
    const name = isNamed ? one.name : `${prefix}-${i + 1}`
    const arn = isNamed && one.arn !== undefined ? { arn: one.arn } : {}
    return { name, ...arn, policy: parsePolicy(documentOf(isNamed ? one.policy : one, kind), kind) }
  })

/** Statements in a list leave out what does not matter: they allow everything unless they say otherwise. */
function documentOf(body: unknown, kind: PolicyKind): string {
  if (!Array.isArray(body)) return JSON.stringify(body)
  const common = { Effect: 'Allow', Action: '*', ...(kind === 'trust' ? {} : { Resource: '*' }) }
  const statements = body.map((statement: object) =>
    Object.fromEntries(Object.entries({ ...common, ...statement }).filter(([, value]) => value !== null)),
  )
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}
