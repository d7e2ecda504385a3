import { type ActionElement, compileAction } from '../evaluate/action.ts'
import type { Condition, ConditionValue } from '../evaluate/condition.ts'
import type { PrincipalElement } from '../evaluate/principal.ts'
import { type ResourceElement, compileResource } from '../evaluate/resource.ts'
import type { Policy, PolicyKind, PolicyVersion, Statement } from '../policy.ts'
import { TemplateError, constantTemplate, parseTemplate } from '../text/template.ts'
import type {
  ConditionDocument,
  ListDocument,
  PolicyDocument,
  PrincipalDocument,
  StatementDocument,
  TextDocument,
} from './document.ts'
import { Fault } from './fault.ts'
import type { Positions } from './positions.ts'
import { readAwsPrincipal } from './principal-rules.ts'

/** Turns a checked document into what is evaluated. @throws Fault for a policy variable that cannot be read */
export function compilePolicy(document: PolicyDocument, kind: PolicyKind, positions: Positions): Policy {
  const version = document.version ?? '2008-10-17'
  return {
    kind,
    version,
    ...(document.id === undefined ? {} : { id: document.id }),
    statements: document.statements.map((statement, index) => compileStatement(statement, index, version, positions)),
  }
}

function compileStatement(
  document: StatementDocument,
  index: number,
  version: PolicyVersion,
  positions: Positions,
): Statement {
  const { sid, principal, action, resource } = document
  return {
    index,
    ...(sid === undefined ? {} : { sid }),
    effect: document.effect === 'Allow' ? 'Allow' : 'Deny',
    position: positions.range(document.place),
    ...(principal === undefined ? {} : { principal: compilePrincipal(principal) }),
    action: compileActions(action),
    ...(resource === undefined ? {} : { resource: compileResources(resource, version) }),
    conditions: document.conditions.map((condition) => compileCondition(condition, version)),
  }
}

const compileActions = (list: ListDocument | undefined): ActionElement => ({
  negated: list?.negated === true,
  patterns: (list?.values ?? []).map(({ text }) => compileAction(text)),
})

const compileResources = (list: ListDocument, version: PolicyVersion): ResourceElement => ({
  negated: list.negated,
  patterns: list.values.map((value) => readable(value, () => compileResource(value.text, version))),
})

function compilePrincipal(document: PrincipalDocument): PrincipalElement {
  const aws = document.values
    .filter(({ group }) => group === 'AWS' || group === '*')
    .map(({ text }) => readAwsPrincipal(text))
  const awsOf = (kind: string): ReadonlySet<string> =>
    new Set(aws.flatMap((one) => (one !== undefined && one.kind === kind ? [one.value] : [])))
  const textsOf = (group: string): readonly string[] =>
    document.values.filter((value) => value.group === group).map(({ text }) => text)
  return {
    negated: document.negated,
    everyone: awsOf('everyone').size > 0,
    accounts: awsOf('account'),
    arns: awsOf('arn'),
    uniqueIds: awsOf('id'),
    services: new Set(textsOf('Service').map((text) => text.toLowerCase())),
    providers: new Set(textsOf('Federated')),
    canonicalUsers: new Set(textsOf('CanonicalUser')),
    written: document.values.map(({ group, text }) => [group, text]),
  }
}

function compileCondition(document: ConditionDocument, version: PolicyVersion): Condition {
  const { operator, quantifier, ifExists } = document.use
  const compileValue = (value: TextDocument): ConditionValue => {
    const template = operator.variables
      ? readable(value, () => parseTemplate(value.text, version))
      : constantTemplate(value.text)
    return { template, ...(template.constant === undefined ? {} : { test: operator.prepare(template.constant) }) }
  }
  return {
    written: document.operator,
    key: document.key,
    name: document.key.toLowerCase(),
    values: document.values.map(compileValue),
    operator,
    quantifier,
    ifExists,
  }
}

function readable<T>(value: TextDocument, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (error instanceof TemplateError) throw new Fault('Syntax errors in policy.', value.place, error.message)
    throw error
  }
}
