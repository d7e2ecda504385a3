import type { Tag } from '#kernel/principal.ts'
import { stsErrors } from '#services/sts/errors.ts'
import type { Assertion } from '#services/sts/saml/assertion.ts'

const AWS = 'https://aws.amazon.com/SAML/Attributes/'
const TAG = `${AWS}PrincipalTag:`
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/
const MAX_TAGS = 50
const MIN_SECONDS = 900
const MAX_SECONDS = 43_200

/** What the attributes of an assertion ask for. */
export interface Claims {
  readonly sessionName: string
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  /** Seconds. */
  readonly sessionDuration?: number
}

/** Whether the assertion offers the role through the provider; the two ARNs may stand in either order. */
export const offersRole = ({ attributes }: Assertion, roleArn: string, providerArn: string): boolean =>
  (attributes.get(`${AWS}Role`) ?? []).some((value) => {
    const arns = value.split(',').map((arn) => arn.trim())
    return arns.length === 2 && arns.includes(roleArn) && arns.includes(providerArn)
  })

/** @throws AwsError InvalidIdentityToken for values that cannot be what they are said to be */
export function readClaims(assertion: Assertion): Claims {
  const values = (name: string): readonly string[] => assertion.attributes.get(`${AWS}${name}`) ?? []
  const [sessionName] = values('RoleSessionName')
  if (sessionName === undefined) throw stsErrors.samlNoSessionName()
  if (!SESSION_NAME.test(sessionName)) throw stsErrors.samlBadSessionName()
  const [sourceIdentity] = values('SourceIdentity')
  if (sourceIdentity !== undefined && (!SESSION_NAME.test(sourceIdentity) || sourceIdentity.startsWith('aws:')))
    throw stsErrors.samlBadSourceIdentity()
  const [seconds] = values('SessionDuration')
  return {
    sessionName,
    tags: tagsOf(assertion),
    transitiveTagKeys: values('TransitiveTagKeys'),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(seconds === undefined ? {} : { sessionDuration: durationOf(seconds) }),
  }
}

function tagsOf({ attributes }: Assertion): readonly Tag[] {
  const tags = [...attributes]
    .filter(([name]) => name.startsWith(TAG))
    .map(([name, [Value = '']]) => ({ Key: name.slice(TAG.length), Value }))
  if (tags.length > MAX_TAGS || tags.some(({ Key, Value }) => Key === '' || Key.length > 128 || Value.length > 256))
    throw stsErrors.samlBadTags()
  return tags
}

function durationOf(text: string): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) throw stsErrors.samlBadDuration()
  return seconds
}
