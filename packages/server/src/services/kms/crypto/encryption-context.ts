import { kmsErrors } from '#services/kms/errors.ts'
import { MAX_CONTEXT_BYTES } from '#services/kms/limits.ts'
import type { EncryptionContext } from '#services/kms/types.ts'

/** @throws AwsError ValidationException for a context that is too long */
export function checkContext(context: EncryptionContext): void {
  let bytes = 0
  for (const [key, value] of Object.entries(context)) bytes += Buffer.byteLength(key) + Buffer.byteLength(value)
  if (bytes > MAX_CONTEXT_BYTES)
    throw kmsErrors.validation(`The encryption context is longer than ${String(MAX_CONTEXT_BYTES)} bytes.`)
}

/** The pairs in one order, as bytes that no other pairs have: equal contexts, equal bytes. */
export const contextBytes = (context: EncryptionContext): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))))
