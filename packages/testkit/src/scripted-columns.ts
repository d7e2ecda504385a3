import { setTimeout as sleep } from 'node:timers/promises'
import type { ColumnRead, ColumnStore } from '../../server/src/stores/journals/column-store.ts'

/** A column store that notes what it is told and answers what a test says, for faults that the real one shows too seldom. */
export interface ScriptedColumns extends ColumnStore {
  /** Every statement, in order. */
  readonly statements: string[]
  state: 'running' | 'restarting'
  /** Answers reads; empty when left out. */
  answer: (query: ColumnRead) => Buffer | Promise<Buffer>
  /** Carries out statements; does nothing when left out. */
  perform: (sql: string) => void | Promise<void>
}

/** A UInt64 as RowBinary has it. */
export function uint64(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8)
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), index * 8)
  return bytes
}

export function scriptedColumns(): ScriptedColumns {
  const columns: ScriptedColumns = {
    statements: [],
    state: 'running',
    lastError: undefined,
    trouble: undefined,
    pid: undefined,
    answer: () => Buffer.alloc(0),
    perform: () => {},
    read: async (query) => {
      query.signal.throwIfAborted()
      columns.statements.push(query.sql)
      return columns.answer(query)
    },
    command: async (sql) => {
      columns.statements.push(sql.trim())
      await columns.perform(sql.trim())
    },
    whenRunning: async (signal) => {
      while (columns.state !== 'running') await sleep(2, undefined, { signal }).catch(() => signal.throwIfAborted())
      signal.throwIfAborted()
    },
    fileLiteral: (path) => `'${path}'`,
    close: async () => {},
  }
  return columns
}
