import { inFile } from './in-file.ts'
import type { Mutant, TestRun } from './mutant.ts'

const SRC = 'packages/policy/src'
const CASES: TestRun = { project: 'unit', files: [`${SRC}/cases.test.ts`] }
const withUnit = (...files: readonly string[]): TestRun => ({
  project: 'unit',
  files: [`${SRC}/cases.test.ts`, ...files.map((file) => `${SRC}/${file}`)],
})
const own = (file: string): TestRun => ({ project: 'unit', files: [`${SRC}/${file}`] })

const grant = (name: string, from: string, to: string): readonly [string, string, string] => [
  `grant: ${name} spares ${to.toLowerCase()} instead of ${from.toLowerCase()}`,
  `  ${name}: ${from},`,
  `  ${name}: ${to},`,
]

/** Elements of statements, principals, limits, the order of evaluation, rules of single services. */
export const POLICY_EVALUATION_MUTANTS: readonly Mutant[] = [
  ...inFile(`${SRC}/evaluate/action.ts`, CASES, [
    ['action: patterns have a case', 'trimAction(text).toLowerCase()', 'trimAction(text)'],
    ['action: stray commas count', 'compileGlob(trimAction(text)', 'compileGlob((text)'],
    ['action: NotAction is Action', 'return !element.negated', 'return true'],
    ['action: what NotAction does not list is not meant', '  return element.negated\n', '  return false\n'],
  ]),
  ...inFile(`${SRC}/evaluate/facts.ts`, withUnit('decide.test.ts'), [
    ['action: requests have a case', 'this.action = request.action.toLowerCase()', 'this.action = request.action'],
    [
      'action: one without a service is decided',
      'if (colon < 1 || colon === this.action.length - 1) {',
      'if (colon < -1) {',
    ],
    ['key: its name has a case', 'const name = lowerCaseKey(key)', 'const name = key'],
    ['key: given twice, the last one counts', 'if (byName.size === before) byName.set(name, AMBIGUOUS)', ''],
    ['key: a list without values is a key', " || (value.length === 0 && typeof value !== 'string')", ''],
    [
      'variable: the first of several values is taken',
      "return typeof value === 'string' ? value : undefined",
      "return typeof value === 'string' ? value : value[0]",
    ],
    [
      'variable: a default comes before the value',
      'if (value === undefined) return variable.fallback',
      'if (value === undefined || variable.fallback !== undefined) return variable.fallback',
    ],
  ]),
  ...inFile(`${SRC}/syntax/compile.ts`, CASES, [
    ['key: conditions have a case', 'name: document.key.toLowerCase()', 'name: document.key'],
    [
      'element: NotAction is read as Action',
      'negated: list?.negated === true,\n  patterns: (list?.values',
      'negated: false,\n  patterns: (list?.values',
    ],
    ['element: NotResource is read as Resource', 'negated: list.negated', 'negated: false'],
    ['element: NotPrincipal is read as Principal', 'negated: document.negated', 'negated: false'],
    [
      'element: a policy without version has variables',
      "document.version ?? '2008-10-17'",
      "document.version ?? '2012-10-17'",
    ],
    [
      'element: every statement allows',
      "effect: document.effect === 'Allow' ? 'Allow' : 'Deny'",
      "effect: document.effect === '' ? 'Deny' : 'Allow'",
    ],
  ]),
  ...inFile(`${SRC}/evaluate/resource.ts`, CASES, [
    ['resource: NotResource is Resource', 'return !element.negated', 'return true'],
    [
      'resource: NotResource without its variable lets in',
      "(!unresolved || effect === 'Deny')",
      '(!unresolved || effect.length > 0)',
    ],
    ['resource: NotResource without its variable spares a Deny', "(!unresolved || effect === 'Deny')", '!unresolved'],
    [
      'resource: what is no ARN matches every pattern',
      'facts.arn !== undefined && matchArn(matcher, facts.arn, facts.meter)',
      'facts.arn === undefined || matchArn(matcher, facts.arn, facts.meter)',
    ],
    [
      'variable: they count before the fifth colon',
      "const head = resource === undefined ? text : text.slice(0, text.length - resource.length)\n  const tail = resource === undefined ? constantTemplate('') : parseTemplate(resource, version)",
      "const head = resource === undefined ? text : ''\n  const tail = resource === undefined ? constantTemplate('') : parseTemplate(text, version)",
    ],
  ]),
  ...inFile(`${SRC}/evaluate/statement.ts`, CASES, [
    ['statement: its action does not matter', 'if (!actionMatches(statement.action, facts)) return undefined', ''],
    [
      'statement: its resource does not matter',
      'if (resource !== undefined && !resourceMatches(resource, statement.effect, facts)) return undefined',
      'void resourceMatches\n  void resource',
    ],
    [
      'statement: its principal does not matter',
      "principal === undefined ? 'no-principal' : principalMatch(principal, facts.request.principal)",
      "principal === undefined ? 'no-principal' : (principalMatch(principal, facts.request.principal) ?? 'everyone')",
    ],
    [
      'statement: only its first condition counts',
      'for (const condition of statement.conditions)',
      'for (const condition of statement.conditions.slice(0, 1))',
    ],
  ]),
  ...inFile(`${SRC}/evaluate/principal.ts`, withUnit('evaluate/principal.test.ts'), [
    [
      'principal: everyone is nobody',
      "element.everyone ? 'everyone'",
      "element.everyone && element.negated ? 'everyone'",
    ],
    [
      'principal: a user is not found by ARN',
      "element.arns.has(principal.arn) || hasId(element, principal.uniqueId) ? 'user'",
      "hasId(element, principal.uniqueId) ? 'user'",
    ],
    [
      'principal: a user is not found by id',
      "element.arns.has(principal.arn) || hasId(element, principal.uniqueId) ? 'user'",
      "element.arns.has(principal.arn) ? 'user'",
    ],
    [
      'principal: a session is not found by its own ARN',
      "if (element.arns.has(principal.arn)) return 'role-session'\n",
      '',
    ],
    [
      'principal: a session is not found by its role',
      'return element.arns.has(principal.roleArn) || hasId(element, principal.uniqueId)',
      'return hasId(element, principal.uniqueId)',
    ],
    [
      'principal: a session is not found by the id of its role',
      'return element.arns.has(principal.roleArn) || hasId(element, principal.uniqueId)',
      'return element.arns.has(principal.roleArn)',
    ],
    [
      'principal: a federated user is not found by its own ARN',
      "if (element.arns.has(principal.arn)) return 'federated-user'\n",
      '',
    ],
    [
      'principal: a federated user is not found by its user',
      "return element.arns.has(principal.userArn) ? 'user-of-federated-session' : undefined",
      'return undefined',
    ],
    [
      'principal: other names of a service do not count',
      '[principal.service, ...(principal.otherNames ?? [])]',
      '[principal.service]',
    ],
    ['principal: services have a case', 'element.services.has(name.toLowerCase())', 'element.services.has(name)'],
    [
      'principal: a service is any service',
      'element.services.has(name.toLowerCase()),',
      'element.services.has(name.toLowerCase()) || element.services.size > 0,',
    ],
    [
      'principal: a provider is not found',
      "element.providers.has(principal.provider) ? 'provider' : undefined",
      'undefined',
    ],
    [
      'principal: root is only its account',
      "hasAccount(element, principal.account, principal.canonicalUserId) ? 'root'",
      "hasAccount(element, principal.account, principal.canonicalUserId) ? 'account'",
    ],
    [
      'principal: the account does not include its users and sessions',
      "case 'role-session':\n      return hasAccount(element, principal.account, principal.canonicalUserId) ? 'account'",
      "case 'role-session':\n      return hasAccount(element, '', principal.canonicalUserId) ? 'account'",
    ],
    [
      'principal: the account does not include federated users',
      "hasAccount(element, principal.account, undefined) ? 'account'",
      "hasAccount(element, '', undefined) ? 'account'",
    ],
    [
      'principal: a canonical user is nobody',
      ' || (canonicalUserId !== undefined && element.canonicalUsers.has(canonicalUserId))',
      ' && (canonicalUserId ?? true) !== false',
    ],
    [
      'principal: NotPrincipal is Principal',
      "namedAs(element, principal) === undefined ? 'not-excluded' : undefined",
      "namedAs(element, principal) === undefined ? undefined : 'not-excluded'",
    ],
  ]),
  ...inFile(`${SRC}/syntax/principal-rules.ts`, CASES, [
    [
      'principal: a root ARN is a user',
      "if (root !== undefined) return { kind: 'account', value: root }",
      "if (root !== undefined) return { kind: 'arn', value: text }",
    ],
    ['principal: a part of an ARN may be open', String.raw`(?:user|role)\/[^*?]+$/`, String.raw`(?:user|role)\/.+$/`],
    ['principal: groups are principals', '(?:user|role)', '(?:user|role|group)'],
  ]),
  ...inFile(`${SRC}/evaluate/grant.ts`, CASES, [
    grant('account', 'NOTHING', 'IDENTITY'),
    grant('role', 'IDENTITY', 'BOUNDARY'),
    grant("'user-of-federated-session'", 'IDENTITY', 'EVERYTHING'),
    grant('user', 'BOUNDARY', 'IDENTITY'),
    grant("'role-session'", 'EVERYTHING', 'BOUNDARY'),
    grant("'federated-user'", 'EVERYTHING', 'BOUNDARY'),
    grant('everyone', 'EVERYTHING', 'IDENTITY'),
    [
      'grant: session policies limit nobody when told to',
      "application === 'role-session' && sessionPolicyLimitsSessionGrants",
      "application === 'account' && sessionPolicyLimitsSessionGrants",
    ],
  ]),
  ...inFile(`${SRC}/evaluate/layers.ts`, CASES, [
    ['limit: RCPs do not count', "? levels('rcp', policies.rcp) : []", '? [] : []'],
    [
      'limit: RCPs reach every service',
      '!isServiceLinked(facts.request.principal) && rcpServices?.has(facts.service) !== false',
      '!isServiceLinked(facts.request.principal) && rcpServices?.size !== 0',
    ],
    ['limit: RCPs reach service-linked roles', '!isServiceLinked(facts.request.principal) && rcp', 'rcp'],
    ['limit: SCPs do not count', "? levels('scp', policies.scp) : []", '? [] : []'],
    [
      'limit: SCPs reach service-linked roles',
      'belongsToAccount(principal) && !isServiceLinked(principal)',
      'belongsToAccount(principal)',
    ],
    [
      'limit: SCPs reach services',
      'belongsToAccount(principal) && !isServiceLinked(principal)',
      '!isServiceLinked(principal)',
    ],
    [
      'limit: the endpoint policy does not count',
      "endpoint: maybe('endpoint', policies.endpoint)",
      "endpoint: maybe('endpoint', undefined)",
    ],
    ['limit: the boundary does not count', "maybe('boundary', policies.boundary)", "maybe('boundary', undefined)"],
    ['limit: the boundary limits root', "principal.kind === 'root' ? undefined : maybe", 'maybe'],
    ['limit: session policies do not count', 'sessionPolicies(principal, policies))', 'undefined)'],
    [
      'limit: a federated user needs no session policy',
      "principal.kind === 'federated-user' ? (policies.session ?? []) : policies.session",
      'policies.session',
    ],
  ]),
  ...inFile(`${SRC}/evaluate/verdict.ts`, withUnit('evaluate/verdict.test.ts'), [
    [
      'order: no Deny counts',
      "if (first !== undefined) return { kind: 'explicit-deny'",
      "if (first === undefined && denies.length > 0) return { kind: 'explicit-deny'",
    ],
    [
      'order: limits of organisation and network do not count',
      'if (limit !== undefined) return implicitDeny(limit, layers)\n  const { principal }',
      'const { principal }',
    ],
    [
      'order: only one level of RCPs must allow',
      'limitOf([...layers.rcp, ...layers.scp',
      'limitOf([...layers.rcp.slice(0, 1), ...layers.scp',
    ],
    [
      'order: only one level of SCPs must allow',
      '...layers.scp, layers.endpoint',
      '...layers.scp.slice(0, 1), layers.endpoint',
    ],
    [
      'order: another account is one’s own',
      'belongsToAccount(principal) && principal.account !== resourceAccount',
      'belongsToAccount(principal) && principal.account === ""',
    ],
    [
      'order: across accounts the own account need not allow',
      "return own.kind === 'allow' ? resourceVerdict(layers) : own",
      'return own.matches.length < 0 ? own : resourceVerdict(layers)',
    ],
    [
      'order: across accounts the resource need not allow',
      "return own.kind === 'allow' ? resourceVerdict(layers) : own",
      'return own',
    ],
    [
      'order: a key need not trust its account',
      'if (required && !allows(layers.resource)) return implicitDeny(resourceType(layers), layers)',
      'void required',
    ],
    [
      'order: a role trusts its account',
      "resourcePolicyRequired || resourceType(layers) === 'trust'",
      'resourcePolicyRequired',
    ],
    [
      'order: the boundary is spared whatever is granted',
      'boundary: grant.sparesBoundary ? undefined : layers.boundary',
      'boundary: undefined',
    ],
    [
      'order: session policies are spared whatever is granted',
      'session: grant.sparesSession ? undefined : layers.session',
      'session: undefined',
    ],
    [
      'order: identity policies are spared whatever is granted',
      'if (!grant.sparesIdentity) return ownVerdict',
      'if (layers.resource.allows.length === 0) return ownVerdict',
    ],
    [
      'order: identity policies need not allow',
      "if (!root && !allows(layers.identity)) return implicitDeny('identity', layers)",
      '',
    ],
    [
      'order: root needs an identity policy',
      'const root = actsAsRoot(principal)',
      'const root = actsAsRoot(principal) && layers.identity.allows.length > 0',
    ],
    [
      'order: a session that root asked for is no root',
      " || (principal.kind === 'federated-user' && principal.userArn.endsWith(':root'))",
      '',
    ],
    [
      'order: services are let in by identity policies',
      'if (!belongsToAccount(principal)) return resourceVerdict(layers)',
      'if (!belongsToAccount(principal)) return allows(layers.identity) ? { kind: "allow", decidedBy: "identity", matches: [] } : resourceVerdict(layers)',
    ],
  ]),
  ...inFile(`${SRC}/evaluate/survey.ts`, withUnit('evaluate/verdict.test.ts', 'decide.test.ts'), [
    [
      'kind: any policy may stand anywhere',
      'if (KINDS[type].includes(policy.kind)) return',
      'if (KINDS[type].length > 0) return',
    ],
  ]),
  ...inFile(`${SRC}/decide.ts`, withUnit('decide.test.ts'), [
    [
      'order: what cannot be evaluated is let in',
      'return failure(request, error)',
      "return { ...failure(request, error), allowed: true, kind: 'allow' }",
    ],
  ]),
  ...inFile(`${SRC}/syntax/rules.ts`, CASES, [
    [
      'syntax: NotPrincipal goes with Allow',
      "if (principal?.negated === true && effect === 'Allow')",
      "if (principal?.negated === true && effect === '')",
    ],
    [
      'syntax: identity policies may be of version 2008-10-17',
      "if (policy.version !== '2012-10-17')",
      "if (policy.version === '2008-10-17')",
    ],
    [
      'syntax: identity policies have principals',
      'if (principal !== undefined) throw new Fault(',
      'if (principal === null) throw new Fault(',
    ],
    [
      'syntax: resource policies have no principals',
      'if (principal === undefined) throw new Fault(',
      'if (principal === null) throw new Fault(',
    ],
    [
      'syntax: trust policies have resources',
      '  if (resource !== undefined)\n    throw',
      '  if (resource === null)\n    throw',
    ],
    [
      'syntax: trust policies are about anything',
      'everywhere(hasActions, actionsAreValid, actionsAreSts)',
      'everywhere(hasActions, actionsAreValid)',
    ],
    ['syntax: a Sid may come twice', 'if (seen.has(sid)) throw', 'if (seen.has("")) throw'],
  ]),
  ...inFile(`${SRC}/message.ts`, CASES, [
    [
      'message: strangers are told why',
      "decision.crossAccount ? '' : reasonOf",
      "decision.crossAccount && decision.allowed ? '' : reasonOf",
    ],
    [
      'message: the policy that denies is not named',
      'withArn ? decision.matched[0]?.policyArn : undefined',
      'undefined',
    ],
  ]),
  ...inFile(`${SRC}/services/kms.ts`, own('services/kms.test.ts'), [
    ['KMS: every resource of KMS is a key', ':[^:]*:[^:]*:key', ':[^:]*:[^:]*:[a-z]+'],
    [
      'KMS: grants let nobody in',
      'grants\n    .filter(({ operations }) => operations.length > 0)',
      'grants\n    .filter(({ operations }) => operations.length < 0)',
    ],
    ['KMS: grants are for every operation', 'Action: names.map((name) => `kms:${name}`)', "Action: 'kms:*'"],
    ['KMS: grants are for every key', 'Resource: keyArn, Condition', "Resource: '*', Condition"],
    ['KMS: grants are not bound by their constraints', '...allow(bound, constraintsOf(grant))', '...allow(bound, {})'],
    [
      'KMS: an equal encryption context may be larger',
      '...(encryptionContextEquals === undefined',
      '...(encryptionContextEquals !== null',
    ],
    [
      'KMS: a subset of the encryption context is not asked for',
      '{ ...encryptionContextSubset, ...encryptionContextEquals }',
      '{ ...encryptionContextEquals }',
    ],
    [
      'KMS: what has no encryption context is bound as well',
      'operations.filter((name) => WITHOUT_CONTEXT.has(name))',
      'operations.filter((name) => WITHOUT_CONTEXT.has(`${name}?`))',
    ],
    ['KMS: variables in an encryption context are replaced', "Version: '2008-10-17'", "Version: '2012-10-17'"],
    ['KMS: services are no grantees', '{ Service: granteePrincipal }', "{ Service: 'nobody.amazonaws.com' }"],
  ]),
  ...inFile(`${SRC}/services/s3-public.ts`, own('services/s3-public.test.ts'), [
    ['S3: no policy is public', 'statements.some(isPublic)', 'statements.length === 0'],
    ['S3: a Deny for everybody is public', "effect === 'Deny' || principal === undefined", 'principal === undefined'],
    ['S3: any condition makes a policy narrow', '!conditions.some(narrows)', 'conditions.length === 0'],
    ['S3: no condition makes a policy narrow', ' && !conditions.some(narrows)', ''],
    ['S3: any key makes it narrow', '!NARROWING.has(name) || ', ''],
    ['S3: negated operators make it narrow', '!POSITIVE.has(operator.name) || ', ''],
    ['S3: IfExists makes it narrow', ' || ifExists', ''],
    ['S3: ForAllValues makes it narrow', " || quantifier === 'all'", ''],
    ['S3: one fixed value makes it narrow', 'values.every(({ template })', 'values.some(({ template })'],
    ['S3: wildcards are fixed values', String.raw`/[*?]|\$\{/.test(`, String.raw`/\$\{/.test(`],
    ['S3: variables are fixed values', String.raw`/[*?]|\$\{/.test(`, '/[*?]/.test('],
    ['S3: every address block is narrow', 'bits >= WIDEST_V6 : bits >= WIDEST_V4', 'bits >= 0 : bits >= 0'],
    [
      'S3: public policies may be put',
      'blockPublicPolicy && isPublicPolicy(policy)',
      'blockPublicPolicy && !isPublicPolicy(policy)',
    ],
    ['S3: a blocked policy need not be public', 'blockPublicPolicy && isPublicPolicy(policy)', 'blockPublicPolicy'],
    [
      'S3: RestrictPublicBuckets keeps nobody out',
      "principal.kind === 'anonymous' || principal.account !== bucketAccount",
      "principal.kind === 'anonymous' && principal.account !== bucketAccount",
    ],
    ['S3: RestrictPublicBuckets keeps services out', "principal.kind === 'service' || ", ''],
    ['S3: RestrictPublicBuckets is always on', '!restrictPublicBuckets || ', ''],
    [
      'S3: the weaker of two settings holds',
      'one.restrictPublicBuckets || other.restrictPublicBuckets',
      'one.restrictPublicBuckets && other.restrictPublicBuckets',
    ],
    [
      'S3: every ACL is taken where the bucket owner owns all',
      "cannedAcl === undefined || cannedAcl === 'bucket-owner-full-control'",
      'cannedAcl !== null',
    ],
  ]),
]
