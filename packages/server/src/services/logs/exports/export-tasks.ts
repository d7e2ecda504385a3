import type { EpochMillis } from '#kernel/ids.ts'
import { accountId, region } from '#kernel/ids.ts'
import { logsErrors } from '#services/logs/errors.ts'
import {
  EXPORT_TASKS,
  type ExportPlace,
  type ExportStatus,
  type ExportTask,
  activeKey,
  exportKey,
  isActive,
} from '#services/logs/exports/export-task.ts'
import { MAX_EXPORT_TASKS_KEPT } from '#services/logs/limits.ts'
import { type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

const UPDATE_ATTEMPTS = 8

/** Export tasks of all accounts and regions. */
export class ExportTasks {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  /** Newest first. */
  async list(
    { account, region: where }: ExportPlace,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<readonly { readonly id: string; readonly task: ExportTask }[]> {
    const stored = await this.#records.list<ExportTask>(EXPORT_TASKS, account, where, options)
    return stored.map(({ key, value }) => ({ id: key.id, task: value }))
  }

  async find(place: ExportPlace, taskId: string): Promise<ExportTask | undefined> {
    const all = await this.list(place, { limit: MAX_EXPORT_TASKS_KEPT + 1 })
    return all.find(({ task }) => task.taskId === taskId)?.task
  }

  /** The task as it is now. `undefined`: it was old enough to be forgotten. */
  async current(place: ExportPlace, task: ExportTask): Promise<ExportTask | undefined> {
    return (await this.#records.get<ExportTask>(exportKey(place, task)))?.value
  }

  /** Those that a crash or a stop has cut off. */
  async unfinished(): Promise<readonly { readonly place: ExportPlace; readonly task: ExportTask }[]> {
    const all = await this.#records.listAll<ExportTask>(EXPORT_TASKS)
    return all
      .filter(({ value }) => isActive(value))
      .map(({ key, value }) => ({
        place: { account: accountId(key.account), region: region(key.region) },
        task: value,
      }))
  }

  /** @throws AwsError LimitExceededException while another task is active; of several at once exactly one succeeds */
  async create(place: ExportPlace, task: ExportTask): Promise<void> {
    try {
      await this.#records.commit([
        { kind: 'put', key: exportKey(place, task), value: task, expect: 0 },
        { kind: 'put', key: activeKey(place), value: { taskId: task.taskId }, expect: 0 },
      ])
    } catch (error) {
      if (error instanceof RevisionConflict) throw logsErrors.limitExceeded()
      throw error
    }
    const old = (await this.list(place, { limit: MAX_EXPORT_TASKS_KEPT + 100 })).slice(MAX_EXPORT_TASKS_KEPT)
    await this.#records.commit(old.map((each) => ({ kind: 'delete', key: exportKey(place, each.task) })))
  }

  /**
   * Commits the status that `next` names for the task as it is now; a finished task makes room for another.
   * @returns the task as it is after that; `undefined` when it is not there
   */
  async change(
    place: ExportPlace,
    task: ExportTask,
    now: EpochMillis,
    next: (current: ExportTask) => { readonly status: ExportStatus; readonly message?: string } | undefined,
  ): Promise<ExportTask | undefined> {
    const key = exportKey(place, task)
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
      const stored = await this.#records.get<ExportTask>(key)
      const change = stored && next(stored.value)
      if (stored === undefined || change === undefined) return stored?.value
      const ended = !isActive(change)
      const value: ExportTask = { ...stored.value, ...change, ...(ended ? { completionTime: now } : {}) }
      try {
        await this.#records.commit([
          { kind: 'put', key, value, expect: stored.revision },
          ...(ended ? [{ kind: 'delete', key: activeKey(place) } as const] : []),
        ])
        return value
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
    throw logsErrors.conflict()
  }
}
