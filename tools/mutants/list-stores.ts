import { inFile } from './in-file.ts'
import type { Mutant, TestRun } from './mutant.ts'

const unit = (...files: readonly string[]): TestRun => ({ project: 'unit', files })
const slow = (file: string, named: string): TestRun => ({ project: 'slow', files: [file], named })
const RECORDS = 'packages/server/src/stores/records'
const SEGMENTS = 'packages/server/src/stores/journals/segments'
const LOG_EVENTS = 'packages/server/src/stores/journals/log-events'
const CLICKHOUSE = 'packages/server/src/stores/journals/clickhouse'

/** Syncs, checksums, watermarks, checkpoints. */
export const STORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'sync: records are committed without one',
    file: `${RECORDS}/sqlite/schema.ts`,
    find: 'PRAGMA synchronous = FULL;',
    replace: 'PRAGMA synchronous = OFF;',
    tests: unit(`${RECORDS}/sqlite/schema.test.ts`),
  },
  ...inFile(`${RECORDS}/sqlite/statements.ts`, unit(`${RECORDS}/sqlite/index.test.ts`), [
    ['records: a record that changed is read as it was', 'recent.forget(recordKeyText(key))\n      put.run', 'put.run'],
    [
      'records: a record that is gone is still read',
      'recent.forget(recordKeyText(key))\n      return remove.run',
      'return remove.run',
    ],
  ]),
  ...inFile(`${RECORDS}/sqlite/recent-rows.ts`, unit(`${RECORDS}/sqlite/recent-rows.test.ts`), [
    ['records: rows that were read of late have no bound', 'if (this.#chars <= MAX_CHARS) break', 'break'],
    ['records: a long row is kept', 'if (chars > MAX_ROW_CHARS) return', ''],
    ['records: what is forgotten still counts', 'this.#chars -= charsOf(key, row)', ''],
  ]),
  {
    name: 'upgrade: rows of an earlier version that are moved lose their revisions',
    file: `${RECORDS}/sqlite/schema.ts`,
    find: 'SELECT collection, account, region, id, revision, value FROM earlier',
    replace: 'SELECT collection, account, region, id, 1, value FROM earlier',
    tests: unit(`${RECORDS}/sqlite/schema.test.ts`),
  },
  {
    name: 'sync: the clock takes a step before it is kept',
    file: `${RECORDS}/persisted-clock.ts`,
    find: "await records.commit([{ kind: 'put', key: KEY, value: { millis: clock.offset + millis } }])",
    replace: '',
    tests: unit(`${RECORDS}/persisted-clock.test.ts`),
  },
  {
    name: 'upgrade: a copy of a table takes its place whatever arrived in it',
    file: `${SEGMENTS}/make-table.ts`,
    find: 'if (before !== after)',
    replace: 'if (before === undefined)',
    tests: unit(`${SEGMENTS}/make-table.test.ts`),
  },
  {
    name: 'sync: a segment is acknowledged without one',
    file: `${SEGMENTS}/group-committer.ts`,
    find: 'await file.sync()',
    replace: '',
    tests: slow(`${LOG_EVENTS}/faults.slow.test.ts`, 'a full disk (sync) refuses the batch'),
  },
  {
    name: 'sync: the sync of a segment does nothing',
    file: `${SEGMENTS}/segment-file.ts`,
    find: 'IS_WRITTEN_THROUGH ? O_DSYNC : 0',
    replace: '0',
    tests: unit(`${SEGMENTS}/segment-file.test.ts`),
  },
  {
    name: 'room ahead: a batch is refused when the disk has none for the zeros behind it',
    file: `${SEGMENTS}/segment-file.ts`,
    find: 'at < end;)',
    replace: 'rest.length > 0;)',
    tests: unit(`${SEGMENTS}/segment-file.test.ts`),
  },
  {
    name: 'room ahead: what a crash left of a group is cut without a word',
    file: `${SEGMENTS}/recover.ts`,
    find: 'some((byte) => byte !== 0)',
    replace: 'every((byte) => byte !== byte)',
    tests: unit(`${SEGMENTS}/recover.test.ts`),
  },
  {
    name: 'checksum: recovery does not look at it',
    file: `${SEGMENTS}/scan-segment.ts`,
    find: 'if (crc !== bytes.readUInt32LE(sum))',
    replace: 'if (crc < 0)',
    tests: slow(`${LOG_EVENTS}/replay.slow.test.ts`, 'a flipped bit ends the segment'),
  },
  {
    name: 'replay: a segment that was committed is inserted again',
    file: `${SEGMENTS}/recover.ts`,
    find: 'segment.nextSeq > deps.committedSeq',
    replace: 'segment.nextSeq > 0',
    tests: slow(`${LOG_EVENTS}/replay.slow.test.ts`, 'a segment whose records were committed'),
  },
  {
    name: 'replay: what is missing of a segment is not inserted',
    file: `${SEGMENTS}/inserter.ts`,
    find: 'if (found === segment.rows) return',
    replace: 'if (found > 0) return',
    tests: slow(`${LOG_EVENTS}/replay.slow.test.ts`, 'some of its rows arrived'),
  },
  {
    name: 'watermark: what is inserted while a query runs is read twice',
    file: `${LOG_EVENTS}/read-columns.ts`,
    find: '      watermark,\n      order,',
    replace: '      watermark: Number.MAX_SAFE_INTEGER,\n      order,',
    tests: slow(`${LOG_EVENTS}/faults.slow.test.ts`, 'every query sees exactly what was acknowledged'),
  },
  {
    name: 'checkpoint: a batch that was committed before is stored again',
    file: `${LOG_EVENTS}/stored-log-journal.ts`,
    find: 'return durable !== undefined && sequence <= durable.sequence',
    replace: 'return false',
    tests: slow(`${LOG_EVENTS}/contract.slow.test.ts`, 'a checkpoint not beyond the committed one changes nothing'),
  },
  {
    name: 'damage: a column store that was started is not asked for what it set aside',
    file: `${CLICKHOUSE}/supervised-child.ts`,
    find: 'this.#options.inspect().then(inspected, refused)',
    replace: 'inspected()',
    tests: slow(`${LOG_EVENTS}/damage.slow.test.ts`, 'reads of days whose parts the engine set aside'),
  },
  {
    name: 'damage: a log read does not say which rows it needs',
    file: `${LOG_EVENTS}/read-columns.ts`,
    find: "format: 'RowBinary', needs, signal",
    replace: "format: 'RowBinary', signal",
    tests: slow(`${LOG_EVENTS}/damage.slow.test.ts`, 'reads of days whose parts the engine set aside'),
  },
  {
    name: 'damage: the engine’s word of damaged bytes is an error like any other',
    file: `${CLICKHOUSE}/damage.ts`,
    find: 'if (!DAMAGED.has(error.type)) return error',
    replace: 'if (error.type !== "") return error',
    tests: unit(`${CLICKHOUSE}/damage.test.ts`),
  },
  {
    name: 'damage: what the engine says behind a part of a result is not heard',
    file: `${CLICKHOUSE}/statement-client.ts`,
    find: 'reject(late === undefined ? error : new ClickHouseError(late))',
    replace: 'reject(error)',
    tests: unit(`${CLICKHOUSE}/statement-client.test.ts`),
  },
  {
    name: 'damage: a full disk of the column store is not told',
    file: 'packages/server/src/stores/journals/column-store.ts',
    find: "DISK_FULL.test(error.type ?? '') || DISK_FULL.test(error.message)",
    replace: 'false',
    tests: slow(`${LOG_EVENTS}/damage.slow.test.ts`, 'the engine asks for more than there is'),
  },
]
