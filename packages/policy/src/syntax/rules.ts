import type { PolicyKind } from '../policy.ts'
import { checkAction, checkTrustAction } from './action-rules.ts'
import { isDate } from './dates.ts'
import type { ListDocument, PolicyDocument, StatementDocument } from './document.ts'
import { Fault } from './fault.ts'
import { checkPrincipal } from './principal-rules.ts'
import { checkLegacyArn, checkResource } from './resource-rules.ts'

type PolicyRule = (policy: PolicyDocument) => void
type StatementRule = (statement: StatementDocument) => void

const LEGACY = 'The policy failed legacy parsing'
const ALPHANUMERIC = /^[0-9A-Za-z]*$/

const everywhere =
  (...rules: readonly StatementRule[]): PolicyRule =>
  (policy) => {
    for (const statement of policy.statements) for (const rule of rules) rule(statement)
  }

/** The rules of each kind, in the order in which AWS tries them; the first broken one is reported. */
const RULES: Readonly<Record<PolicyKind, readonly PolicyRule[]>> = {
  identity: [
    needsNewVersion,
    everywhere(hasNoPrincipal),
    everywhere(effectIsExact, datesAreDates, arnsAreWhole),
    everywhere(sidIsAlphanumeric),
    sidsAreUnique,
    everywhere(hasActions),
    everywhere(resourcesAreValid),
    everywhere(actionsAreValid),
    everywhere(hasResources),
  ],
  resource: [
    everywhere(hasPrincipal),
    everywhere(effectIsExact, datesAreDates),
    everywhere(allowNamesPrincipals),
    everywhere(hasActions, actionsAreValid),
    everywhere(hasResourceField),
    everywhere(principalsAreValid),
  ],
  trust: [
    everywhere(hasNoResource, hasNoNotPrincipal, hasPrincipal),
    everywhere(effectIsExact, datesAreDates),
    everywhere(sidIsAlphanumeric),
    sidsAreUnique,
    everywhere(hasActions, actionsAreValid, actionsAreSts),
    everywhere(principalsAreValid),
  ],
}

/** @throws Fault with the words of the first rule that is broken */
export function checkRules(policy: PolicyDocument, kind: PolicyKind): void {
  for (const rule of RULES[kind]) rule(policy)
}

function needsNewVersion(policy: PolicyDocument): void {
  if (policy.version !== '2012-10-17') throw new Fault('Policy document must be version 2012-10-17 or greater.')
}

function hasNoPrincipal({ principal }: StatementDocument): void {
  if (principal !== undefined) throw new Fault('Policy document should not specify a principal.', principal.place)
}

function hasPrincipal({ principal, place }: StatementDocument): void {
  if (principal === undefined) throw new Fault('Missing required field Principal', place)
}

function hasNoNotPrincipal({ principal }: StatementDocument): void {
  if (principal?.negated === true) throw new Fault('Has prohibited field NotPrincipal', principal.place)
}

/** AWS supports NotPrincipal in denials only: letting everybody in but a few is never what is meant. */
function allowNamesPrincipals({ principal, effect }: StatementDocument): void {
  if (principal?.negated === true && effect === 'Allow')
    throw new Fault('Syntax errors in policy.', principal.place, 'NotPrincipal goes with the Effect "Deny" only')
}

function hasNoResource({ resource, place }: StatementDocument): void {
  if (resource !== undefined)
    throw new Fault(`Has prohibited field ${resource.negated ? 'NotResource' : 'Resource'}`, place)
}

function hasResourceField({ resource, place }: StatementDocument): void {
  if (isEmpty(resource)) throw new Fault('Missing required field Resource', place)
}

function effectIsExact({ effect, place }: StatementDocument): void {
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new Fault(LEGACY, place, `"${effect}" is not written "Allow" or "Deny"`)
}

function datesAreDates({ conditions }: StatementDocument): void {
  for (const { use, values } of conditions) {
    if (!use.operator.name.startsWith('Date')) continue
    for (const value of values)
      if (!isDate(value.text)) throw new Fault(LEGACY, value.place, `"${value.text}" is no date`)
  }
}

function arnsAreWhole({ resource }: StatementDocument): void {
  for (const value of resource?.values ?? []) checkLegacyArn(value)
}

function sidIsAlphanumeric({ sid = '', place }: StatementDocument): void {
  if (ALPHANUMERIC.test(sid)) return
  throw new Fault(
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    place,
    `the Sid "${sid}" holds other characters than letters and digits`,
  )
}

function sidsAreUnique(policy: PolicyDocument): void {
  const seen = new Set<string>()
  for (const { sid, place } of policy.statements) {
    if (sid === undefined) continue
    if (seen.has(sid)) throw new Fault('Statement IDs (SID) in a single policy must be unique.', place)
    seen.add(sid)
  }
}

function hasActions({ action, place }: StatementDocument): void {
  if (isEmpty(action)) throw new Fault('Policy statement must contain actions.', place)
}

function hasResources({ resource, place }: StatementDocument): void {
  if (isEmpty(resource)) throw new Fault('Policy statement must contain resources.', place)
}

function resourcesAreValid({ resource }: StatementDocument): void {
  for (const value of resource?.values ?? []) checkResource(value)
}

function actionsAreValid({ action }: StatementDocument): void {
  for (const value of action?.values ?? []) checkAction(value)
}

function actionsAreSts({ action }: StatementDocument): void {
  for (const value of action?.values ?? []) checkTrustAction(value)
}

function principalsAreValid({ principal }: StatementDocument): void {
  if (principal !== undefined) checkPrincipal(principal)
}

const isEmpty = (list: ListDocument | undefined): boolean => list === undefined || list.values.length === 0
