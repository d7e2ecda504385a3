import type { AccessCheck } from '#kernel/service.ts'
import type { Grant } from '#services/kms/grants/grant-record.ts'
import type { Key } from '#services/kms/keys/key-record.ts'

/** What a check is about that its resource does not say. */
export interface CheckNote {
  /** The grant that is to be retired: it says itself who may give it back. */
  readonly retired?: Grant
  /** A key that is not there so far: its policy counts as if it were. */
  readonly prospect?: Key
}

/** Notes of checks, forgotten with them. */
export interface CheckNotes {
  add(check: AccessCheck, note: CheckNote): void
  of(check: AccessCheck): CheckNote
}

export function checkNotes(): CheckNotes {
  const notes = new WeakMap<AccessCheck, CheckNote>()
  return {
    add: (check, note) => {
      notes.set(check, { ...notes.get(check), ...note })
    },
    of: (check) => notes.get(check) ?? {},
  }
}
