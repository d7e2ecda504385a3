import { fileURLToPath } from 'node:url'

/** Where records are kept: one SQLite file. */
export interface RecordLocation {
  readonly kind: 'sqlite'
  readonly file: string
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i

/**
 * Reads the configured place of the records: a path, or a `file://` URL.
 * @throws Error in one sentence for stores that this version does not have, such as `postgres://…`; the URL itself is not repeated, since it may hold a password
 */
export function recordLocation(place: string): RecordLocation {
  const scheme = SCHEME.exec(place)?.[1]?.toLowerCase()
  if (place === '') throw new Error('the place of the records is empty; name a file')
  if (scheme === undefined) return { kind: 'sqlite', file: place }
  if (scheme === 'file') return { kind: 'sqlite', file: fileURLToPath(place) }
  if (scheme === 'postgres' || scheme === 'postgresql') {
    throw new Error(
      'records in PostgreSQL are not supported by this version of Sluice; name a file, or leave the setting out to keep them in the data directory',
    )
  }
  throw new Error(
    `records cannot be kept at a ${scheme}:// URL; name a file, or leave the setting out to keep them in the data directory`,
  )
}
