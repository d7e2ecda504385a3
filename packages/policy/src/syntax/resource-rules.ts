import { ARN_PARTS, splitParts } from '../text/arn.ts'
import type { TextDocument } from './document.ts'
import { Fault } from './fault.ts'

const PARTITION = /^(?:\*|aws[a-z*?-]*)$/
const IAM_PATHS: readonly string[] = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
]

/**
 * An ARN with an empty service, or cut short behind an empty part, does not even reach the rules below.
 * @throws Fault
 */
export function checkLegacyArn(resource: TextDocument): void {
  const parts = splitParts(resource.text)
  const [, partition = '', ...rest] = parts
  if (rest.length === 0 || !PARTITION.test(partition)) return
  const broken = parts.length < ARN_PARTS ? rest.includes('') : rest[0] === ''
  if (broken) throw new Fault('The policy failed legacy parsing', resource.place, `"${resource.text}" is no ARN`)
}

/** The rules of identity policies for one resource. @throws Fault */
export function checkResource(resource: TextDocument): void {
  const { text, place } = resource
  if (text === '*') return
  const parts = splitParts(text)
  if (parts.length === 1) throw new Fault(`Resource ${text} must be in ARN format or "*".`, place)
  const [, partition = '', service, region = '', , path = ''] = parts
  if (!PARTITION.test(partition)) {
    const filled = ['arn', ...parts.slice(1), ...Array.from({ length: ARN_PARTS - parts.length }, () => '*')]
    throw new Fault(`Partition "${partition}" is not valid for resource "${filled.join(':')}".`, place)
  }
  if (text.startsWith('arn:') && parts.length === 2 && text.endsWith('*')) return
  if (service === undefined || /[*?]/.test(service)) {
    throw new Fault('Resource vendor must be fully qualified and cannot contain regexes.', place)
  }
  checkServiceRules(resource, service, region, path, parts.length)
}

function checkServiceRules(resource: TextDocument, service: string, region: string, path: string, parts: number): void {
  if (service === 's3' && region !== '' && region !== '*') {
    throw new Fault(`Resource ${resource.text} can not contain region information.`, resource.place)
  }
  if (service !== 'iam') return
  if (region !== '' && region !== '*') {
    throw new Fault(`IAM resource ${resource.text} cannot contain region information.`, resource.place)
  }
  if (parts === ARN_PARTS && path !== '*' && !IAM_PATHS.some((start) => path.startsWith(start))) {
    throw new Fault(`IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`, resource.place)
  }
}
