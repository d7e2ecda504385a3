import type { RecordKey } from '#stores/records/record-store.ts'

/** Longest id of a record, in UTF-8 bytes: the longest names of AWS (an IAM path with a name, a log group with a stream) fit with room. */
const MAX_RECORD_ID_BYTES = 4_096

const COLLECTION = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/
const MAX_COLLECTION_CHARS = 64
const MAX_SCOPE_CHARS = 64

/**
 * Refuses keys that a store could mix up: a lone surrogate or a NUL has no faithful UTF-8 text.
 * @throws RangeError which names the part that is wrong
 */
export function checkRecordKey(key: RecordKey): void {
  checkCollection(key.collection)
  checkText('account', key.account, MAX_SCOPE_CHARS)
  checkText('region', key.region, MAX_SCOPE_CHARS)
  checkText('id', key.id, MAX_RECORD_ID_BYTES)
}

/** @throws RangeError when `collection` is not lower-case words joined by dots */
export function checkCollection(collection: string): void {
  if (collection.length > MAX_COLLECTION_CHARS || !COLLECTION.test(collection)) {
    throw new RangeError(`a collection is named by lower-case words and dots, not ${JSON.stringify(collection)}`)
  }
}

function checkText(part: 'account' | 'region' | 'id', text: string, most: number): void {
  if (text === '') throw new RangeError(`the ${part} of a record key is empty`)
  if (Buffer.byteLength(text) > most)
    throw new RangeError(`the ${part} of a record key is longer than ${String(most)} bytes`)
  if (!text.isWellFormed() || text.includes('\0')) {
    throw new RangeError(
      `the ${part} of a record key holds a lone surrogate or a NUL: ${JSON.stringify(text.slice(0, 200))}`,
    )
  }
}

/** The key as one text: equal texts, equal keys. */
export const recordKeyText = ({ collection, account, region, id }: RecordKey): string =>
  `${collection}\0${account}\0${region}\0${id}`
