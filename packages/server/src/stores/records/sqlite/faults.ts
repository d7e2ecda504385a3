import { messageOf } from '#kernel/errors.ts'

/** The primary result codes of SQLite (sqlite.org/rescode.html) that deserve words of their own. */
const BUSY = 5
const READ_ONLY = 8
const IO_ERROR = 10
const CORRUPT = 11
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26

/** A record file that cannot be used; the message is one sentence for an operator, `cause` is what SQLite said. */
export class RecordFileError extends Error {
  readonly file: string

  constructor(file: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'RecordFileError'
    this.file = file
  }
}

/** Turns what `node:sqlite` threw into a sentence about the file; anything else comes back as it is. */
export function explainSqlite(file: string, error: unknown): unknown {
  const code = primaryCode(error)
  return code === undefined ? error : new RecordFileError(file, sentence(file, code, messageOf(error)), error)
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

function sentence(file: string, code: number, reason: string): string {
  switch (code) {
    case CORRUPT:
    case NOT_A_DATABASE:
      return `the record file ${file} is damaged or is no record file (${reason}); nothing was changed: move it away and restore it from a backup`
    case BUSY:
      return `the record file ${file} is in use by another process (${reason}); stop that process first`
    case FULL:
      return `the disk of the record file ${file} is full, so nothing was changed; free some space and try again`
    case READ_ONLY:
      return `the record file ${file} may not be written (${reason}); give this user the right to write it and its folder`
    case CANNOT_OPEN:
      return `the record file ${file} cannot be opened (${reason}); check that its folder exists and that this user may read and write it`
    case IO_ERROR:
      return `the disk of the record file ${file} failed (${reason}), so nothing was changed; check the disk`
    default:
      return `the record file ${file} could not be used (${reason}); nothing was changed`
  }
}
