import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, explain, parsePolicy, printPolicy } from './index.ts'
import type { AuthorizationRequest, Context, NamedPolicy, Policies, PolicyKind, PrincipalIdentity } from './index.ts'

type StatementJson = Readonly<Record<string, unknown>>

const ACCOUNT = '111122223333'
const USER = `arn:aws:iam::${ACCOUNT}:user/ada`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci`
const RUNS = { numRuns: 500, seed: 17 }

// A small world, so that statements and requests often have to do with each other.
const ACTIONS = ['logs:PutLogEvents', 'logs:CreateLogStream', 'mq:CreateBroker']
const GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g`
const RESOURCES = [GROUP, `${GROUP}:log-stream:s`, `arn:aws:mq:us-east-1:${ACCOUNT}:broker:b:b-1`, '*']
const KEYS = ['k:a', 'k:b', 'k:c']
const VALUES = ['1', '2', 'true', '', '10.0.0.1', 'x*', `${GROUP}:x`]
const OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'NumericLessThan',
  'NumericNotEquals',
  'Bool',
  'IpAddress',
  'NotIpAddress',
  'ArnLike',
  'ArnNotLike',
  'DateLessThan',
]

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
const actions = some([...ACTIONS, '*', 'logs:*', 'LOGS:put*', 'mq:?reateBroker'])
const resources = some([
  ...RESOURCES,
  'arn:aws:logs:*',
  `${GROUP}:*`,
  'arn:aws:logs:*:*:log-group:${k:a}*',
  'arn:aws:mq:*:*:*:b-1',
])
const awsPrincipals = some(['*', ACCOUNT, USER, ROLE, SESSION, '999988887777'])
const condition = fc
  .dictionary(
    fc
      .tuple(
        fc.constantFrom('', '', 'ForAnyValue:', 'ForAllValues:'),
        fc.constantFrom(...OPERATORS),
        fc.constantFrom('', '', 'IfExists'),
      )
      .map((parts) => parts.join('')),
    fc.dictionary(fc.constantFrom(...KEYS), some([...VALUES, '${k:b}'].filter((value) => value !== '')), {
      minKeys: 1,
      maxKeys: 2,
    }),
    { maxKeys: 2 },
  )
  .map((block) =>
    Object.fromEntries(
      Object.entries(block).map(([operator, keys]) => [operator, operator.includes('Date') ? { 'k:a': '2026' } : keys]),
    ),
  )

const statementOf = (extra: fc.Arbitrary<StatementJson>): fc.Arbitrary<StatementJson> =>
  fc
    .tuple(
      fc.record({
        Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Deny'),
        Condition: fc.oneof(fc.constant({}), condition),
      }),
      fc.oneof(
        actions.map((Action) => ({ Action })),
        actions.map((NotAction) => ({ NotAction })),
      ),
      fc.oneof(
        resources.map((Resource) => ({ Resource })),
        resources.map((NotResource) => ({ NotResource })),
      ),
      extra,
    )
    .map((parts) => Object.assign({}, ...parts) as StatementJson)
const identityStatement = statementOf(fc.constant({}))
const resourceStatement = statementOf(
  fc.oneof(
    { weight: 5, arbitrary: awsPrincipals.map((AWS) => ({ Principal: { AWS } })) },
    { weight: 1, arbitrary: awsPrincipals.map((AWS) => ({ NotPrincipal: { AWS }, Effect: 'Deny' })) },
    { weight: 2, arbitrary: fc.constant({ Principal: { Service: 'mq.amazonaws.com' } }) },
  ),
)

interface World {
  readonly identity: readonly StatementJson[]
  readonly resource: readonly StatementJson[]
  readonly boundary?: readonly StatementJson[]
  readonly session?: readonly StatementJson[]
}

const list = (statement: fc.Arbitrary<StatementJson>): fc.Arbitrary<StatementJson[]> =>
  fc.array(statement, { maxLength: 4 })
const world: fc.Arbitrary<World> = fc.record(
  {
    identity: list(identityStatement),
    resource: list(resourceStatement),
    boundary: list(identityStatement),
    session: list(identityStatement),
  },
  { requiredKeys: ['identity', 'resource'] },
)
const principal: fc.Arbitrary<PrincipalIdentity> = fc.constantFrom<PrincipalIdentity>(
  { kind: 'user', account: ACCOUNT, arn: USER },
  { kind: 'role-session', account: ACCOUNT, arn: SESSION, roleArn: ROLE },
  { kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` },
  { kind: 'service', service: 'mq.amazonaws.com' },
  { kind: 'user', account: '999988887777', arn: 'arn:aws:iam::999988887777:user/eve' },
  { kind: 'anonymous' },
)
const context: fc.Arbitrary<Context> = fc.dictionary(
  fc.constantFrom(...KEYS),
  fc.oneof(fc.constantFrom(...VALUES), fc.array(fc.constantFrom(...VALUES), { maxLength: 3 })),
)
const request: fc.Arbitrary<AuthorizationRequest> = fc.record({
  principal,
  action: fc.constantFrom(...ACTIONS),
  resource: fc.constantFrom(...RESOURCES),
  resourceAccount: fc.constant(ACCOUNT),
  context,
})

const textOf = (statements: readonly StatementJson[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })
const named = (statements: readonly StatementJson[], kind: PolicyKind): readonly NamedPolicy[] =>
  statements.length === 0 ? [] : [{ name: 'p', policy: parsePolicy(textOf(statements), kind) }]
const policiesOf = ({ identity, resource, boundary, session }: World): Policies => ({
  identity: named(identity, 'identity'),
  resource: named(resource, 'resource'),
  ...(boundary === undefined ? {} : { boundary: named(boundary, 'identity') }),
  ...(session === undefined ? {} : { session: named(session, 'identity') }),
})
const allowed = (one: AuthorizationRequest, policies: World): boolean => decide(one, policiesOf(policies)).allowed
const kindOf = (one: AuthorizationRequest, policies: World): string => decide(one, policiesOf(policies)).kind
/** An Allow can name principals only, so those that a Deny excludes are named by it. */
function withEffect({ NotPrincipal, ...statement }: StatementJson, Effect: 'Allow' | 'Deny'): StatementJson {
  if (NotPrincipal === undefined) return { ...statement, Effect }
  return { ...statement, Effect, [Effect === 'Allow' ? 'Principal' : 'NotPrincipal']: NotPrincipal }
}

test('the small world is worth looking at: many requests are allowed, denied and not matched', () => {
  const kinds = fc
    .sample(fc.tuple(request, world), { numRuns: 400, seed: 7 })
    .map(([one, policies]) => kindOf(one, policies))
  for (const kind of ['allow', 'explicit-deny', 'implicit-deny'])
    expect(kinds.filter((each) => each === kind).length).toBeGreaterThan(40)
})

describe('monotonicity', () => {
  test('adding a Deny never allows more', () => {
    fc.assert(
      fc.property(
        request,
        world,
        identityStatement,
        resourceStatement,
        fc.boolean(),
        (one, policies, identity, resource, toIdentity) => {
          const more = toIdentity
            ? { ...policies, identity: [...policies.identity, withEffect(identity, 'Deny')] }
            : { ...policies, resource: [...policies.resource, withEffect(resource, 'Deny')] }
          if (!allowed(one, policies)) expect(allowed(one, more)).toBe(false)
        },
      ),
      RUNS,
    )
  })

  test('adding an Allow never denies more', () => {
    fc.assert(
      fc.property(
        request,
        world,
        identityStatement,
        resourceStatement,
        fc.boolean(),
        (one, policies, identity, resource, toIdentity) => {
          const more = toIdentity
            ? { ...policies, identity: [...policies.identity, withEffect(identity, 'Allow')] }
            : { ...policies, resource: [...policies.resource, withEffect(resource, 'Allow')] }
          if (allowed(one, policies)) expect(allowed(one, more)).toBe(true)
        },
      ),
      RUNS,
    )
  })

  test('taking a statement of a boundary, an SCP or an RCP away never allows more', () => {
    fc.assert(
      fc.property(request, world, list(identityStatement), fc.nat(), (one, policies, limit, at) => {
        const less = limit.filter(({ Effect }, index) => Effect === 'Deny' || index !== at % Math.max(1, limit.length))
        const decided = (statements: readonly StatementJson[], which: 'boundary' | 'session' | 'scp'): boolean => {
          const level = named(statements, 'identity')
          const { boundary: _boundary, session: _session, ...free } = policiesOf(policies)
          return decide(one, { ...free, ...(which === 'scp' ? { scp: [level] } : { [which]: level }) }).allowed
        }
        for (const which of ['boundary', 'session', 'scp'] as const)
          if (decided(less, which)) expect(decided(limit, which)).toBe(true)
      }),
      RUNS,
    )
  })

  test('adding a boundary or a session policy never allows more', () => {
    fc.assert(
      fc.property(
        request,
        world,
        list(identityStatement),
        (one, { boundary: _boundary, session: _session, ...free }, limit) => {
          if (allowed(one, free)) return
          expect(allowed(one, { ...free, boundary: limit })).toBe(false)
          expect(allowed(one, { ...free, session: limit })).toBe(false)
        },
      ),
      RUNS,
    )
  })
})

describe('neutral changes', () => {
  test('the order of statements and policies does not matter', () => {
    fc.assert(
      fc.property(request, world, (one, policies) => {
        const turned = {
          ...policies,
          identity: policies.identity.toReversed(),
          resource: policies.resource.toReversed(),
        }
        const { kind, decidedBy } = decide(one, policiesOf(policies))
        expect(decide(one, policiesOf(turned))).toMatchObject({ kind, decidedBy })
      }),
      RUNS,
    )
  })

  test('splitting the lists of a statement into statements of their own does not matter', () => {
    const split = (statement: StatementJson): readonly StatementJson[] => {
      const { Action, Resource, ...rest } = statement
      const actionList: readonly unknown[] = Array.isArray(Action) ? Action : [undefined]
      const resourceList: readonly unknown[] = Array.isArray(Resource) ? Resource : [undefined]
      return actionList.flatMap((action) =>
        resourceList.map((resource) => ({
          ...rest,
          ...(action === undefined ? {} : { Action: action }),
          ...(resource === undefined ? {} : { Resource: resource }),
        })),
      )
    }
    fc.assert(
      fc.property(request, world, (one, policies) => {
        const apart = {
          ...policies,
          identity: policies.identity.flatMap(split),
          resource: policies.resource.flatMap(split),
        }
        expect(kindOf(one, apart)).toBe(kindOf(one, policies))
      }),
      RUNS,
    )
  })

  test('keys that no policy names change nothing', () => {
    fc.assert(
      fc.property(
        request,
        world,
        fc.dictionary(
          fc.string({ minLength: 1 }).map((key) => `other:${key.toLowerCase()}`),
          fc.string(),
        ),
        (one, policies, extra) => {
          const more = { ...one, context: { ...one.context, ...extra } }
          expect(decide(more, policiesOf(policies))).toEqual(decide(one, policiesOf(policies)))
        },
      ),
      RUNS,
    )
  })

  test('printing a policy and reading it again does not matter', () => {
    fc.assert(
      fc.property(request, list(identityStatement), list(resourceStatement), (one, identity, resource) => {
        const policies = policiesOf({ identity, resource })
        const again =
          (kind: PolicyKind) =>
          ({ policy, ...rest }: NamedPolicy) => ({ ...rest, policy: parsePolicy(printPolicy(policy), kind) })
        const printed = {
          identity: policies.identity.map(again('identity')),
          resource: policies.resource.map(again('resource')),
        }
        expect(decide(one, printed).kind).toBe(decide(one, policies).kind)
      }),
      RUNS,
    )
  })

  test('what is printed is printed the same again', () => {
    fc.assert(
      fc.property(list(identityStatement), list(resourceStatement), (identity, resource) => {
        for (const { policy } of [...named(identity, 'identity'), ...named(resource, 'resource')]) {
          const printed = printPolicy(policy, 2)
          expect(printPolicy(parsePolicy(printed, policy.kind), 2)).toBe(printed)
        }
      }),
      RUNS,
    )
  })

  test('asking for full detail does not change the decision', () => {
    fc.assert(
      fc.property(request, world, (one, policies) => {
        const { kind, decidedBy } = decide(one, policiesOf(policies))
        expect(decide(one, policiesOf(policies), { detail: 'full' })).toMatchObject({ kind, decidedBy })
      }),
      RUNS,
    )
  })
})

describe('algebra', () => {
  const everything: StatementJson = { Effect: 'Allow', Action: '*', Resource: '*' }

  test('NotAction, NotResource and NotPrincipal apply exactly where Action, Resource and Principal do not', () => {
    fc.assert(
      fc.property(request, actions, some(RESOURCES), awsPrincipals, (one, Action, Resource, AWS) => {
        const applies = (statement: StatementJson): boolean =>
          kindOf(one, { identity: [], resource: [{ ...everything, Principal: '*', ...statement, Effect: 'Deny' }] }) ===
          'explicit-deny'
        expect(applies({ Action })).toBe(!applies({ Action: undefined, NotAction: Action }))
        expect(applies({ Resource })).toBe(!applies({ Resource: undefined, NotResource: Resource }))
        expect(applies({ Principal: { AWS } })).toBe(!applies({ Principal: undefined, NotPrincipal: { AWS } }))
      }),
      RUNS,
    )
  })

  test('a boundary is an intersection, and so is a session policy', () => {
    fc.assert(
      fc.property(request, list(identityStatement), list(identityStatement), (one, identity, limit) => {
        if (one.principal.kind === 'root') return
        const both = allowed(one, { identity, resource: [] }) && allowed(one, { identity: limit, resource: [] })
        expect(allowed(one, { identity, resource: [], boundary: limit })).toBe(both)
        expect(allowed(one, { identity, resource: [], session: limit })).toBe(both)
      }),
      RUNS,
    )
  })

  test('what an operator lets in, the operator with IfExists lets in too', () => {
    fc.assert(
      fc.property(
        request,
        fc.constantFrom(...OPERATORS.filter((name) => !name.startsWith('Date'))),
        fc.constantFrom(...KEYS),
        some(VALUES),
        (one, operator, key, values) => {
          const holds = (name: string): boolean =>
            allowed(
              { ...one, principal: { kind: 'user', account: ACCOUNT, arn: USER } },
              { identity: [{ ...everything, Condition: { [name]: { [key]: values } } }], resource: [] },
            )
          if (holds(operator)) expect(holds(`${operator}IfExists`)).toBe(true)
          if (one.context[key] === undefined) expect(holds(`${operator}IfExists`)).toBe(true)
        },
      ),
      RUNS,
    )
  })

  test('a variable matches the text of its value and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, other) => {
        const statement = { ...everything, Resource: 'arn:aws:s3:::b/${k:v}/x' }
        const lets = (resource: string): boolean =>
          allowed(
            {
              principal: { kind: 'user', account: ACCOUNT, arn: USER },
              action: 's3:GetObject',
              resource,
              resourceAccount: ACCOUNT,
              context: { 'k:v': value },
            },
            { identity: [statement], resource: [] },
          )
        expect(lets(`arn:aws:s3:::b/${value}/x`)).toBe(true)
        expect(lets(`arn:aws:s3:::b/${other}/x`)).toBe(other === value)
      }),
      RUNS,
    )
  })
})

describe('decisions', () => {
  test('never throw, whatever the request holds, and are plain data that explains itself', () => {
    const anyRequest = fc.record({
      principal,
      action: fc.string(),
      resource: fc.string(),
      resourceAccount: fc.string(),
      context: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
    })
    fc.assert(
      fc.property(fc.oneof(anyRequest, request), world, (one, policies) => {
        const decision = decide(one, policiesOf(policies), { detail: 'full' })
        expect(decision.allowed).toBe(decision.kind === 'allow')
        expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
        expect(explain(decision)[0]).toContain(decision.allowed ? ' may perform ' : ' may not perform ')
      }),
      RUNS,
    )
  })

  test('an implicit denial names no statement that applies as one that does not', () => {
    fc.assert(
      fc.property(request, world, (one, policies) => {
        const { matched, unmatched } = decide(one, policiesOf(policies))
        const names = (statements: readonly { policyType: string; index: number }[]): readonly string[] =>
          statements.map(({ policyType, index }) => `${policyType} ${index}`)
        expect(names(unmatched).filter((name) => names(matched).includes(name))).toEqual([])
      }),
      RUNS,
    )
  })
})
