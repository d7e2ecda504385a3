import { type Decision, denialMessage } from '@sluice/policy'
import { type FaultTarget, accessDeniedFault } from '@sluice/wire'
import type { AuthorizationMessages } from '#kernel/authorization-message.ts'
import { AccessDenied, type Evidence } from '#kernel/errors.ts'
import { type Principal, principalName } from '#kernel/principal.ts'
import type { AccessCheck, DenialForm } from '#kernel/service.ts'
import { authorizationMessage } from '#gateway/authorization-message.ts'

/** How all services word denials. */
export interface Wording {
  /** Whether an explicit denial names the ARN of the policy that denies. */
  readonly policyArns: boolean
  readonly messages: AuthorizationMessages
}

/** A check that was decided against the caller. */
export interface DeniedCheck {
  readonly check: AccessCheck
  readonly principal: Principal
  readonly decision: Decision
  readonly evidence: Evidence
}

/** The denial in AWS's words, as the service of `target` says them. */
export function denialOf(denied: DeniedCheck, form: DenialForm, wording: Wording, target: FaultTarget): AccessDenied {
  const { decision, evidence } = denied
  const fault = accessDeniedFault(target, textOf(denied, form, wording))
  return new AccessDenied(fault.code, fault.status, fault.message, decision, evidence)
}

function textOf(denied: DeniedCheck, form: DenialForm, wording: Wording): string {
  const { check, decision, principal } = denied
  if (decision.crossAccount && form.acrossAccounts !== undefined) return form.acrossAccounts
  const sentence = check.denialText ?? sentenceOf(denied, form, wording)
  if (form.encodes !== true) return `${form.opening ?? ''}${sentence}`
  const encoded = wording.messages.encode(principal.account, authorizationMessage(denied))
  const tail = encoded === undefined ? '' : ` Encoded authorization failure message: ${encoded}`
  return `${form.opening ?? ''}${sentence}${sentence.endsWith('.') ? '' : '.'}${tail}`
}

function sentenceOf({ check, principal, decision }: DeniedCheck, form: DenialForm, { policyArns }: Wording): string {
  const resource = check.shownAs ?? check.resource
  const asked = { principalArn: principalName(principal), action: check.action, resource }
  // A decision across accounts is told without its reason, and so is one that must not say it.
  const told = check.brief === true ? { ...decision, crossAccount: true } : decision
  return denialMessage(asked, told, { quoteResource: form.quotesResource === true, policyArn: policyArns })
}
