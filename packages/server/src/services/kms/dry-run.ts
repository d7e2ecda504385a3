import { kmsErrors } from '#services/kms/errors.ts'

/** Ends a dry run, once nothing is left that could refuse the request. @throws AwsError DryRunOperationException */
export function endDryRun({ DryRun: dry }: { readonly DryRun?: boolean | undefined }): void {
  if (dry === true) throw kmsErrors.dryRun()
}

/** Encrypted answers for Nitro enclaves need attestation documents, which nothing here can issue or check. @throws AwsError */
export function refuseRecipient({ Recipient: recipient }: { readonly Recipient?: unknown }): void {
  if (recipient !== undefined) throw kmsErrors.notBuilt('Recipient, an answer for a Nitro enclave,')
}
