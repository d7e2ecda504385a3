import type { PrincipalGroup } from '../evaluate/principal.ts'
import type { PrincipalDocument } from './document.ts'
import { Fault } from './fault.ts'

const ACCOUNT = /^\d{12}$/
const UNIQUE_ID = /^A[A-Z]{3}[A-Z0-9]{12,}$/
const ROOT_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):root$/
const IAM_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(?:user|role)\/[^*?]+$/
const STS_ARN = /^arn:aws[a-z-]*:sts::\d{12}:(?:assumed-role\/[^*?/]+\/[^*?/]+|federated-user\/[^*?/]+)$/
const SERVICE = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/
const CANONICAL_USER = /^[^*?]+$/

/** What an `AWS` principal is, or `undefined` when it is none. */
export function readAwsPrincipal(
  text: string,
): { readonly kind: 'everyone' | 'account' | 'arn' | 'id'; readonly value: string } | undefined {
  if (text === '*') return { kind: 'everyone', value: text }
  if (ACCOUNT.test(text)) return { kind: 'account', value: text }
  const root = ROOT_ARN.exec(text)?.[1]
  if (root !== undefined) return { kind: 'account', value: root }
  if (IAM_ARN.test(text) || STS_ARN.test(text)) return { kind: 'arn', value: text }
  return UNIQUE_ID.test(text) ? { kind: 'id', value: text } : undefined
}

const IS_VALID: Readonly<Record<PrincipalGroup | '*', (text: string) => boolean>> = {
  '*': (text) => text === '*',
  AWS: (text) => readAwsPrincipal(text) !== undefined,
  Service: (text) => SERVICE.test(text),
  Federated: (text) => text !== '' && !/[*?]/.test(text),
  CanonicalUser: (text) => CANONICAL_USER.test(text),
}

/** Whether the principals can be principals; whether they exist is for others to say. @throws Fault */
export function checkPrincipal(principal: PrincipalDocument): void {
  if (principal.values.length === 0) throw new Fault('Missing required field Principal', principal.place)
  for (const { group, text, place } of principal.values) {
    if (IS_VALID[group](text)) continue
    const named = group === '*' ? `"${text}"` : `"${group.toUpperCase()}":"${text}"`
    throw new Fault(`Invalid principal in policy: ${named}`, place)
  }
}
