import type { OperationOutput } from '#kernel/call.ts'
import { type AccountId, type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import { checkName } from '#services/iam/checks.ts'
import type { EntityKind } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { findNamed } from '#services/iam/identities.ts'
import type { Tagged } from '#services/iam/records.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/**
 * A server certificate, in collection `iam.server-certificate` by name in lower case. Its private key was looked at and is
 * not kept: no service here would serve with it.
 */
export interface ServerCertificateRecord extends Tagged {
  readonly name: string
  /** `ASCA…` */
  readonly certificateId: string
  readonly path: string
  readonly uploadedAt: EpochMillis
  readonly expiresAt: EpochMillis
  readonly body: string
  readonly chain?: string
}

export const SERVER_CERTIFICATES = 'iam.server-certificate'
/** Server certificates in an account. @error LimitExceeded 409 */
export const MAX_SERVER_CERTIFICATES = 20

export const serverCertificateKey = (account: AccountId, name: string): RecordKey => ({
  collection: SERVER_CERTIFICATES,
  account,
  region: GLOBAL_REGION,
  id: name.toLowerCase(),
})

export const serverCertificateArn = (account: AccountId, path: string, name: string): string =>
  `arn:aws:iam::${account}:server-certificate${path}${name}`

/** Server certificates, by name. */
export const serverCertificates: EntityKind<ServerCertificateRecord, 'ServerCertificateName'> = {
  member: 'ServerCertificateName',
  async require(records, account, name) {
    checkName('serverCertificateName', name)
    const key = serverCertificateKey(account, name)
    const found = await findNamed<ServerCertificateRecord>(records, key, name, (record) => record.name)
    if (found === undefined) throw iamErrors.serverCertificateNotFound(name)
    return found
  },
}

type Metadata = NonNullable<OperationOutput<'iam', 'UploadServerCertificate'>['ServerCertificateMetadata']>

/** A server certificate without its body, as lists show it. */
export const metadataView = (account: AccountId, record: ServerCertificateRecord): Metadata => ({
  Path: record.path,
  ServerCertificateName: record.name,
  ServerCertificateId: record.certificateId,
  Arn: serverCertificateArn(account, record.path, record.name),
  UploadDate: record.uploadedAt,
  Expiration: record.expiresAt,
})
