import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../decide.ts'
import { parsePolicy } from '../parse.ts'
import type { PolicyKind } from '../policy.ts'
import type { NamedPolicy, PrincipalIdentity } from '../request.ts'

const ACCOUNT = '111122223333'
const USER = `arn:aws:iam::${ACCOUNT}:user/ada`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci`
const FEDERATED = `arn:aws:sts::${ACCOUNT}:federated-user/bob`

/** What the policies of one sort say: nothing, Allow, Deny, or both. */
type Says = 'nothing' | 'allow' | 'deny' | 'both'
const says = fc.constantFrom<Says>('nothing', 'nothing', 'allow', 'allow', 'allow', 'deny', 'both')
const maybe = fc.option(says, { nil: undefined })

const PRINCIPALS: Readonly<Record<string, PrincipalIdentity>> = {
  user: { kind: 'user', account: ACCOUNT, arn: USER },
  session: { kind: 'role-session', account: ACCOUNT, arn: SESSION, roleArn: ROLE },
  federated: { kind: 'federated-user', account: ACCOUNT, arn: FEDERATED, userArn: USER },
  root: { kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` },
  service: { kind: 'service', service: 'mq.amazonaws.com' },
}
const NAMES: Readonly<Record<string, unknown>> = {
  everyone: '*',
  account: { AWS: ACCOUNT },
  user: { AWS: USER },
  role: { AWS: ROLE },
  session: { AWS: SESSION },
  federated: { AWS: FEDERATED },
  service: { Service: 'mq.amazonaws.com' },
  stranger: { AWS: '999988887777' },
}

/**
 * The table of what a resource policy spares the caller in its own account: identity, boundary, session policy. Users have
 * no session policies; one that is given all the same limits.
 */
const SPARES: Readonly<Record<string, readonly [boolean, boolean, boolean]>> = {
  'user everyone': [true, true, true],
  'user user': [true, true, false],
  'session everyone': [true, true, true],
  'session session': [true, true, true],
  'session role': [true, false, false],
  'federated everyone': [true, true, true],
  'federated federated': [true, true, true],
  'federated user': [true, false, false],
  'root everyone': [true, true, true],
}
const INCLUDES: Readonly<Record<string, readonly string[]>> = {
  user: ['everyone', 'account', 'user'],
  session: ['everyone', 'account', 'role', 'session'],
  federated: ['everyone', 'account', 'user', 'federated'],
  root: ['everyone', 'account'],
  service: ['everyone', 'service'],
}

interface World {
  readonly caller: string
  readonly named: string
  readonly crossAccount: boolean
  readonly required: boolean
  readonly identity: Says
  readonly resource: Says
  readonly boundary: Says | undefined
  readonly session: Says | undefined
  readonly scp: Says | undefined
  readonly rcp: Says | undefined
}

const world: fc.Arbitrary<World> = fc.record({
  caller: fc.constantFrom(...Object.keys(PRINCIPALS)),
  named: fc.constantFrom(...Object.keys(NAMES)),
  crossAccount: fc.boolean(),
  required: fc.boolean(),
  identity: says,
  resource: says,
  boundary: maybe,
  session: maybe,
  scp: maybe,
  rcp: maybe,
})

/** The order of evaluation as the documentation tells it, once more and without any cleverness. */
function expected(one: World): 'allow' | 'explicit-deny' | 'implicit-deny' {
  const { caller, named, identity, resource } = one
  const included = INCLUDES[caller]?.includes(named) === true
  const isService = caller === 'service'
  const boundary = caller === 'root' ? undefined : one.boundary
  const session = caller === 'federated' ? (one.session ?? 'nothing') : one.session
  const scp = isService ? undefined : one.scp
  const denies = (each: Says | undefined): boolean => each === 'deny' || each === 'both'
  const allows = (each: Says | undefined): boolean => each === 'allow' || each === 'both'
  if (denies(identity) || (included && denies(resource)) || [boundary, session, scp, one.rcp].some(denies))
    return 'explicit-deny'
  if ([one.rcp, scp].some((each) => each !== undefined && !allows(each))) return 'implicit-deny'
  const admitted = included && allows(resource)
  if (isService) return admitted ? 'allow' : 'implicit-deny'
  const own = caller === 'root' || allows(identity)
  const within = (limit: Says | undefined): boolean => limit === undefined || allows(limit)
  if (one.crossAccount) return own && within(boundary) && within(session) && admitted ? 'allow' : 'implicit-deny'
  if (one.required && !admitted) return 'implicit-deny'
  const [spareIdentity, spareBoundary, spareSession] = (admitted && SPARES[`${caller} ${named}`]) || [
    false,
    false,
    false,
  ]
  const letIn = (own || spareIdentity) && (within(boundary) || spareBoundary) && (within(session) || spareSession)
  return letIn ? 'allow' : 'implicit-deny'
}

function policiesThatSay(each: Says, kind: PolicyKind, principal?: unknown): readonly NamedPolicy[] {
  const effects = { nothing: [], allow: ['Allow'], deny: ['Deny'], both: ['Allow', 'Deny'] }[each]
  const common = { Action: '*', Resource: '*', ...(principal === undefined ? {} : { Principal: principal }) }
  return effects.map((Effect) => ({
    name: Effect,
    policy: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: { Effect, ...common } }), kind),
  }))
}

function actual(one: World): string {
  const principal = PRINCIPALS[one.caller]
  if (principal === undefined) throw new Error('there is no such caller')
  const limiter = (name: 'boundary' | 'session', each: Says | undefined) =>
    each === undefined ? {} : { [name]: policiesThatSay(each, 'identity') }
  const request = {
    principal,
    action: 'mq:RebootBroker',
    resource: `arn:aws:mq:us-east-1:${ACCOUNT}:broker:b:b-1`,
    resourceAccount: one.crossAccount ? '444455556666' : ACCOUNT,
    context: {},
    resourcePolicyRequired: one.required,
  }
  return decide(request, {
    identity: policiesThatSay(one.identity, 'identity'),
    resource: policiesThatSay(one.resource, 'resource', NAMES[one.named]),
    ...limiter('boundary', one.boundary),
    ...limiter('session', one.session),
    ...(one.scp === undefined ? {} : { scp: [policiesThatSay(one.scp, 'identity')] }),
    ...(one.rcp === undefined ? {} : { rcp: [policiesThatSay(one.rcp, 'resource', '*')] }),
  }).kind
}

test('agrees with the documented order of evaluation for every caller, naming and mix of policies', () => {
  fc.assert(
    fc.property(world, (one) => {
      expect(actual(one)).toBe(expected(one))
    }),
    { numRuns: 2_500 },
  )
})
