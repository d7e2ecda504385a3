import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { groupArn } from '#services/logs/arns.ts'
import type { Groups } from '#services/logs/catalog/groups.ts'
import { type LogGroup, retentionCutoff } from '#services/logs/catalog/log-group.ts'
import type { LogStream, Streams } from '#services/logs/catalog/streams.ts'
import type { EventEncryption } from '#services/logs/encryption/event-encryption.ts'
import type { ExportSink } from '#services/logs/exports/export-sink.ts'
import type { ExportPlace, ExportTask } from '#services/logs/exports/export-task.ts'
import type { ExportTasks } from '#services/logs/exports/export-tasks.ts'
import { SCAN_CHUNK_BYTES, SCAN_CHUNK_EVENTS } from '#services/logs/limits.ts'
import type { Mask, Protection } from '#services/logs/protection/policies.ts'
import type { EventKey, LogJournal, StoredLogEvent } from '#stores/journals/log-journal.ts'

const compress = promisify(gzip)
const STREAMS_AT_ONCE = 500

export interface ExportEngineDeps {
  readonly tasks: ExportTasks
  readonly groups: Groups
  readonly streams: Streams
  readonly journal: LogJournal
  readonly protection: Protection
  readonly encryption: EventEncryption
  readonly sink: ExportSink
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** Carries out export tasks. One that was cut off begins anew: it writes the same objects again. */
export class ExportEngine {
  readonly #deps: ExportEngineDeps
  readonly #running = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(deps: ExportEngineDeps) {
    this.#deps = deps
  }

  /** Goes on with what an earlier process left. */
  async resume(): Promise<void> {
    for (const { place, task } of await this.#deps.tasks.unfinished()) this.start(place, task)
  }

  start(place: ExportPlace, task: ExportTask): void {
    const run = this.#run(place, task).finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  /** Resolves when nothing is being exported. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  /** Cuts off what runs; the next process goes on with it. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await this.idle()
  }

  async #run(place: ExportPlace, task: ExportTask): Promise<void> {
    const { tasks, clock, telemetry } = this.#deps
    try {
      await tasks.change(place, task, clock.now(), ({ status }) =>
        status === 'PENDING' ? { status: 'RUNNING' } : undefined,
      )
      const ended = await this.#export(place, task)
      if (ended) {
        await tasks.change(place, task, clock.now(), ({ status }) =>
          status === 'RUNNING' ? { status: 'COMPLETED' } : { status: 'CANCELLED' },
        )
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      telemetry.log.warn({ event: 'export_failed', task: task.taskId, error: messageOf(error) })
      const message = `The export was cut off: ${messageOf(error)}`
      await tasks
        .change(place, task, clock.now(), () => ({ status: 'FAILED', message }))
        .catch((failure: unknown) =>
          telemetry.log.error({ event: 'export_unfinished', task: task.taskId, error: messageOf(failure) }),
        )
    }
  }

  /** False when the platform stops. */
  async #export(place: ExportPlace, task: ExportTask): Promise<boolean> {
    const { groups, streams, protection } = this.#deps
    const group = await groups.find(place, task.logGroupName)
    if (group?.number !== task.group) throw new Error('the log group was deleted')
    const mask = await protection.maskOf(group)
    let after: string | undefined
    for (;;) {
      const options = { prefix: task.logStreamNamePrefix ?? '', limit: STREAMS_AT_ONCE }
      const some = await streams.list(group, { ...options, ...(after === undefined ? {} : { after }) })
      for (const stream of some) {
        if (!(await this.#exportStream(place, task, group, stream, mask))) return !this.#stopping.signal.aborted
      }
      after = some.at(-1)?.name
      if (some.length < STREAMS_AT_ONCE) return true
    }
  }

  /** False when the task was cancelled or the platform stops. */
  async #exportStream(
    place: ExportPlace,
    task: ExportTask,
    group: LogGroup,
    stream: LogStream,
    mask: Mask | undefined,
  ): Promise<boolean> {
    const { journal, encryption, sink, clock } = this.#deps
    const owner = { ...place, sourceArn: groupArn(place, task.logGroupName) }
    let after: EventKey | undefined
    for (let part = 0; ; part += 1) {
      if (!(await this.#goesOn(place, task))) return false
      const events = await journal.query({
        group: group.number,
        streams: [stream.number],
        from: Math.max(task.from, retentionCutoff(group, clock.now())),
        to: task.to + 1,
        ...(after === undefined ? {} : { after }),
        order: 'ascending',
        limit: SCAN_CHUNK_EVENTS,
        maxBytes: SCAN_CHUNK_BYTES,
        signal: this.#stopping.signal,
      })
      if (events.length === 0) return true
      const body = await objectBody(await encryption.open(group, events, this.#stopping.signal), mask)
      await sink.put(owner, task.destination, objectKey(task, stream.name, part), body)
      after = events.at(-1)
    }
  }

  async #goesOn(place: ExportPlace, task: ExportTask): Promise<boolean> {
    if (this.#stopping.signal.aborted) return false
    return (await this.#deps.tasks.current(place, task))?.status === 'RUNNING'
  }
}

/** `<prefix>/<task id>/<stream, / as ->/000000.gz` */
const objectKey = ({ destinationPrefix, taskId }: ExportTask, stream: string, part: number): string =>
  `${destinationPrefix}/${taskId}/${stream.replaceAll('/', '-')}/${String(part).padStart(6, '0')}.gz`

/** A line an event: its time in UTC, a blank, its message. */
const objectBody = (events: readonly StoredLogEvent[], mask: Mask | undefined): Promise<Buffer> =>
  compress(
    events
      .map(({ timestamp, message, ingestionTime }) => {
        const text = mask?.(message, ingestionTime) ?? message
        return `${new Date(timestamp).toISOString()} ${text}\n`
      })
      .join(''),
  )
