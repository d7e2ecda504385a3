import type { Telemetry } from '#kernel/telemetry.ts'

/** The column store behind the ClickHouse HTTP protocol. */
export interface ColumnStore {
  readonly state: 'running' | 'restarting'
  close(): Promise<void>
}

export interface ColumnStoreOptions {
  readonly directory: string
  readonly telemetry: Telemetry
}

export function openColumnStore(options: ColumnStoreOptions): Promise<ColumnStore> {
  return Promise.reject(new Error(`${options.directory} cannot be opened`))
}
