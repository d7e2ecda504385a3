import { type KeyObject, createPrivateKey } from 'node:crypto'
import { checkName, checkPath, checkTags } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import {
  MAX_SERVER_CERTIFICATES,
  SERVER_CERTIFICATES,
  type ServerCertificateRecord,
  metadataView,
  serverCertificateKey,
} from '#services/iam/server-certificates.ts'
import { brokenLink, readCertificate } from '#services/iam/signing-certificates.ts'
import { tagsView } from '#services/iam/views.ts'

const QUOTA = { collection: SERVER_CERTIFICATES, quota: 'ServerCertificatesPerAccount', most: MAX_SERVER_CERTIFICATES }

/** The certificate must be in force, its key must be its own, and the chain must lead up from it. */
export function uploadServerCertificate({ records }: Pick<IamDeps, 'records'>): IamHandler<'UploadServerCertificate'> {
  return async (input, { account, now }) => {
    const { ServerCertificateName: name, Path: path = '/', Tags: tags = [], CertificateChain: chain } = input
    checkName('serverCertificateName', name)
    checkPath(path)
    checkTags(tags)
    const certificate = readCertificate(input.CertificateBody, now)
    if (!certificate.checkPrivateKey(readPrivateKey(input.PrivateKey))) throw iamErrors.keyPairMismatch()
    const broken = chain === undefined ? undefined : brokenLink(certificate, chain)
    if (broken !== undefined) throw iamErrors.brokenChain(broken)
    await checkQuota(records, account, QUOTA)
    const record: ServerCertificateRecord = {
      name,
      certificateId: newUniqueId('ASCA'),
      path,
      uploadedAt: wholeSecond(now),
      expiresAt: certificate.validToDate.getTime(),
      body: input.CertificateBody,
      ...(chain === undefined ? {} : { chain }),
      tags,
    }
    const exists = () => iamErrors.serverCertificateExists(name)
    await createEntity(records, serverCertificateKey(account, name), record, exists)
    return { ServerCertificateMetadata: metadataView(account, record), ...tagsView(record) }
  }
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw iamErrors.malformedPrivateKey()
  }
}
