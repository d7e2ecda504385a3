import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type DecideOptions, type DenialMessageOptions, decide, denialMessage, explain, parsePolicy } from './index.ts'
import { PolicySyntaxError } from './index.ts'
import type {
  AuthorizationRequest,
  Context,
  Decision,
  NamedPolicy,
  Policies,
  PolicyKind,
  PrincipalIdentity,
} from './index.ts'

/** A list of statements, a whole document, or either with a name. */
type PolicyCase =
  | readonly object[]
  | { readonly Statement: object }
  | { readonly name: string; readonly arn?: string; readonly policy: readonly object[] }
type PolicyList = readonly PolicyCase[]

interface DecisionCase {
  readonly name: string
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
  readonly options?: DecideOptions
  readonly messageOptions?: DenialMessageOptions
  /** The resource as the message is given it, when that is not the resource of the request. */
  readonly tell?: string
  readonly expect: Expectation
}

interface Expectation {
  readonly kind: Decision['kind']
  readonly decidedBy?: string
  readonly crossAccount?: boolean
  readonly principalMatch?: string
  readonly failed?: readonly string[]
  readonly missingKeys?: readonly string[]
  readonly metByMissingKey?: readonly string[]
  readonly message?: string
  readonly explain?: readonly string[]
}

interface ConditionCase {
  readonly operator: string
  readonly values: readonly unknown[]
  readonly actual: string | readonly string[] | null
  /** Whether an Allow with the condition applies. */
  readonly holds: boolean
  /** Whether a Deny does, when that differs. */
  readonly deny?: boolean
}

interface PatternCase {
  readonly pattern: string
  readonly action?: string
  readonly resource?: string
  readonly matches: boolean
}

interface SyntaxCase {
  readonly name: string
  readonly policy: PolicyKind
  readonly text?: string
  readonly document?: unknown
  readonly message?: string
  readonly detail?: string
}

type CaseFile =
  | {
      readonly kind: 'decisions'
      readonly theme: string
      readonly defaults?: Partial<DecisionCase>
      readonly cases: readonly DecisionCase[]
    }
  | { readonly kind: 'conditions'; readonly theme: string; readonly cases: readonly ConditionCase[] }
  | { readonly kind: 'actions' | 'resources'; readonly theme: string; readonly cases: readonly PatternCase[] }
  | { readonly kind: 'refused' | 'accepted'; readonly theme: string; readonly cases: readonly SyntaxCase[] }

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

const files = readCaseFiles()

test('there are cases', () => {
  expect(files.length).toBeGreaterThan(15)
  expect(files.flatMap((file) => [...file.cases]).length).toBeGreaterThan(600)
})

describe.each(files)('$theme', (file) => {
  switch (file.kind) {
    case 'decisions':
      return test.each(file.cases)('$name', (one) => runDecision({ ...file.defaults, ...one }))
    case 'conditions':
      return test.each(file.cases)('$operator $values against $actual: $holds', runCondition)
    case 'actions':
    case 'resources':
      return test.each(file.cases)('$pattern against $action$resource: $matches', runPattern)
    case 'refused':
      return test.each(file.cases)('$policy: $name', runRefused)
    case 'accepted':
      return test.each(file.cases)('$policy: $name', ({ text, document, policy }) => {
        expect(parsePolicy(text ?? JSON.stringify(document), policy).statements.length).toBeGreaterThan(0)
      })
    default:
      return file satisfies never
  }
})

function runDecision(one: DecisionCase): void {
  const request = requestOf(one)
  const policies = policiesOf(one)
  const decision = decide(request, policies, one.options)
  expectDecision(decision, one.expect)
  expect(decision.allowed).toBe(one.expect.kind === 'allow')
  const { kind, decidedBy } = decide(request, policies, { ...one.options, detail: 'full' })
  expect({ kind, decidedBy }).toEqual({ kind: decision.kind, decidedBy: decision.decidedBy })
  expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
  const sentences = explain(decision)
  if (one.expect.explain !== undefined) expect(sentences).toEqual(one.expect.explain)
  if (one.expect.message === undefined) return
  const told = { principalArn: decision.principal, action: decision.action, resource: one.tell ?? decision.resource }
  expect(denialMessage(told, decision, one.messageOptions)).toBe(one.expect.message)
}

function expectDecision(decision: Decision, expected: Expectation): void {
  const actual: Expectation = {
    kind: decision.kind,
    ...(expected.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
    ...(expected.crossAccount === undefined ? {} : { crossAccount: decision.crossAccount }),
    ...(expected.principalMatch === undefined ? {} : { principalMatch: String(decision.matched[0]?.principalMatch) }),
    ...(expected.failed === undefined ? {} : { failed: decision.unmatched.map(({ failed }) => failed) }),
    ...(expected.missingKeys === undefined ? {} : { missingKeys: decision.missingKeys }),
    ...(expected.metByMissingKey === undefined
      ? {}
      : { metByMissingKey: decision.matched.flatMap((statement) => statement.metByMissingKey.map(({ key }) => key)) }),
  }
  const { message: _message, explain: _explain, ...rest } = expected
  expect(actual).toEqual(rest)
}

function runCondition({ operator, values, actual, holds, deny = holds }: ConditionCase): void {
  const condition = { [operator]: { 'k:key': values } }
  const context: Context = actual === null ? {} : { 'k:key': actual }
  const decisionWith = (statements: readonly object[]): string =>
    decide(requestOf({ context }), policiesOf({ identity: [statements] })).kind
  expect(decisionWith([{ Condition: condition }])).toBe(holds ? 'allow' : 'implicit-deny')
  expect(decisionWith([{}, { Effect: 'Deny', Condition: condition }])).toBe(deny ? 'explicit-deny' : 'allow')
}

function runPattern({ pattern, action, resource, matches }: PatternCase): void {
  const request = requestOf({
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { on: resource }),
  })
  const element = action === undefined ? 'Resource' : 'Action'
  const decisionOf = (statement: object): boolean => decide(request, policiesOf({ identity: [[statement]] })).allowed
  expect(decisionOf({ [element]: pattern })).toBe(matches)
  expect(decisionOf({ [element]: null, [`Not${element}`]: pattern })).toBe(!matches)
}

function runRefused({ text, document, policy, message, detail }: SyntaxCase): void {
  const error = thrownBy(() => parsePolicy(text ?? JSON.stringify(document), policy))
  expect(error).toBeInstanceOf(PolicySyntaxError)
  if (!(error instanceof PolicySyntaxError)) return
  expect(error.message).toBe(message)
  if (detail !== undefined) expect(error.detail).toContain(detail)
}

function requestOf(one: Partial<DecisionCase>): AuthorizationRequest {
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

function policiesOf(one: Partial<DecisionCase>): Policies {
  const { boundary, session: sessions, endpoint, scp, rcp } = one
  return {
    identity: named('identity', 'identity', one.identity ?? []),
    resource: [...named('resource', 'resource', one.resource ?? []), ...named('trust', 'trust', one.trust ?? [])],
    ...(boundary === undefined ? {} : { boundary: named('boundary', 'identity', boundary) }),
    ...(sessions === undefined ? {} : { session: named('session', 'identity', sessions) }),
    ...(endpoint === undefined ? {} : { endpoint: named('endpoint', 'resource', endpoint) }),
    ...(scp === undefined ? {} : { scp: scp.map((level) => named('scp', 'identity', level)) }),
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

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

function readCaseFiles(): readonly CaseFile[] {
  const folder = fileURLToPath(new URL('../cases', import.meta.url))
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .toSorted()
    .map((path) => JSON.parse(readFileSync(`${folder}/${path}`, 'utf8')) as CaseFile)
}
