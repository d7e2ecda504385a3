import { checkRecordKey, recordKeyText } from '#stores/records/record-key.ts'
import type { RecordChange, RecordKey } from '#stores/records/record-store.ts'

/** A change with its document already written as JSON, so that what the caller does to the value afterwards cannot matter. */
export type EncodedChange =
  | { readonly kind: 'put'; readonly key: RecordKey; readonly expect: number | undefined; readonly json: string }
  | { readonly kind: 'delete'; readonly key: RecordKey; readonly expect: number | undefined }

/**
 * Checks and encodes a commit before it is queued.
 * @throws RangeError for a bad key or expectation, or a key that is named twice
 * @throws TypeError for a value that has no JSON
 */
export function encodeChanges(changes: readonly RecordChange[]): readonly EncodedChange[] {
  const seen = new Set<string>()
  return changes.map((change) => {
    const key = { ...change.key }
    checkRecordKey(key)
    const text = recordKeyText(key)
    if (seen.has(text))
      throw new RangeError(`a commit names record ${key.collection}/${key.account}/${key.region}/${key.id} twice`)
    seen.add(text)
    const { expect } = change
    if (expect !== undefined && !(Number.isSafeInteger(expect) && expect >= 0)) {
      throw new RangeError(`an expected revision is a whole number from 0, not ${String(expect)}`)
    }
    return change.kind === 'delete'
      ? { kind: 'delete', key, expect }
      : { kind: 'put', key, expect, json: toJson(change.value) }
  })
}

function toJson(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined
  if (json === undefined) throw new TypeError('the value of a record must be a JSON document')
  return json
}
