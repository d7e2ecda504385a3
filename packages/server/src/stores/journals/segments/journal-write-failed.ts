const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reported an input/output error',
  EMFILE: 'too many files are open',
}

/** A batch could not be made durable. Nothing of it is stored, and what was acknowledged before is safe. */
export class JournalWriteFailed extends Error {
  constructor(cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause))
    super(`the events were not stored, because ${reason}; send them again once that is put right`, { cause })
    this.name = 'JournalWriteFailed'
  }
}
