import { AwsError } from '#kernel/errors.ts'
import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import { XmlError } from '#kernel/xml.ts'
import { parseIamArn } from '#services/iam/arns.ts'
import type { EntityKind } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { Tagged } from '#services/iam/records.ts'
import { type SamlMetadata, readSamlMetadata } from '#services/iam/saml-metadata.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/** A SAML provider whose assertions the account trusts, in collection `iam.saml-provider` by name in lower case. */
export interface SamlProviderRecord extends Tagged {
  readonly name: string
  readonly uuid: string
  readonly createdAt: EpochMillis
  readonly validUntil: EpochMillis
  /** The metadata as it was given, and what was read from it. */
  readonly document: string
  readonly metadata: SamlMetadata
}

export const SAML_PROVIDERS = 'iam.saml-provider'
/** SAML providers of an account. @source IAM user guide, "IAM and AWS STS quotas" @error LimitExceeded 409 */
export const MAX_SAML_PROVIDERS = 100
const MIN_DOCUMENT_CHARS = 1_000
const MAX_DOCUMENT_CHARS = 10_000_000
/** How long AWS says a provider is valid whose metadata has no end, in years. */
const YEARS_WITHOUT_END = 100

export const samlProviderKey = (account: AccountId, name: string): RecordKey => ({
  collection: SAML_PROVIDERS,
  account,
  region: GLOBAL_REGION,
  id: name.toLowerCase(),
})
export const samlProviderArn = (account: AccountId, name: string): string =>
  `arn:aws:iam::${account}:saml-provider/${name}`

/** Providers, by ARN. */
export const samlProviders: EntityKind<SamlProviderRecord, 'SAMLProviderArn'> = {
  member: 'SAMLProviderArn',
  async require(records, account, arn) {
    const parsed = parseIamArn(arn)
    const found =
      parsed?.type === 'saml-provider' && parsed.account === account
        ? await records.get<SamlProviderRecord>(samlProviderKey(account, parsed.rest))
        : undefined
    if (found === undefined || samlProviderArn(account, found.value.name) !== arn) throw iamErrors.samlNotFound(arn)
    return found
  },
}

/** What a document says about its provider. @throws AwsError InvalidInput */
export function readProviderDocument(
  document: string,
  createdAt: EpochMillis,
): Pick<SamlProviderRecord, 'document' | 'metadata' | 'validUntil'> {
  if (document.length < MIN_DOCUMENT_CHARS || document.length > MAX_DOCUMENT_CHARS)
    throw iamErrors.badSamlMetadata(
      `it has ${String(document.length)} characters, and must have ${String(MIN_DOCUMENT_CHARS)} to ${String(MAX_DOCUMENT_CHARS)}`,
    )
  try {
    const metadata = readSamlMetadata(document)
    return { document, metadata, validUntil: metadata.validUntil ?? yearsAfter(createdAt) }
  } catch (error) {
    if (error instanceof XmlError) throw iamErrors.badSamlMetadata(error.message)
    throw error
  }
}

function yearsAfter(at: EpochMillis): EpochMillis {
  const date = new Date(at)
  return date.setUTCFullYear(date.getUTCFullYear() + YEARS_WITHOUT_END)
}

/** Encrypted assertions are not built, and a provider must not look as if they were. @throws AwsError 501 */
export function refuseEncryption(input: {
  readonly AddPrivateKey?: string | undefined
  readonly RemovePrivateKey?: string | undefined
  readonly AssertionEncryptionMode?: string | undefined
}): void {
  const { AddPrivateKey, RemovePrivateKey, AssertionEncryptionMode: mode } = input
  if (AddPrivateKey === undefined && RemovePrivateKey === undefined && mode !== 'Required') return
  throw new AwsError(
    'NotImplemented',
    501,
    'Encrypted assertions of SAML providers are not built in this version of Sluice; leave AddPrivateKey, RemovePrivateKey and AssertionEncryptionMode out.',
  )
}
