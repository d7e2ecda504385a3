import { type AccountId, type EpochMillis, GLOBAL_REGION, type Region, accountId } from '#kernel/ids.ts'
import { type Trail, type TrailRecord, endedSpans, recordOf, trailOf } from '#services/cloudtrail/trails/trail.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** How the last deliveries of one kind went. */
export interface Latest {
  readonly deliveredAt?: EpochMillis
  readonly triedAt?: EpochMillis
  /** Why the last attempt failed, as S3 or CloudWatch Logs names it; left out: it did not. */
  readonly error?: string
}

/** What of a trail decides which events it gets. */
export type TrailScope = Pick<TrailRecord, 'multiRegion' | 'globalEvents' | 'selectors' | 'spans'>

/**
 * Files that are being written. It is committed before the first of them, with all that decides their names and content,
 * so that whoever goes on after a crash writes the same ones.
 */
export interface FilePlan {
  /** Last seq of the events, of which the first comes behind the state's position. */
  readonly to: number
  readonly at: EpochMillis
  /** The 16 characters at the end of the files' names. */
  readonly fileId: string
  readonly scope: TrailScope
}

/** A digest as the next one of its chain refers to it. */
export interface WrittenDigest {
  readonly bucket: string
  readonly key: string
  /** Hex SHA-256 of the uncompressed bytes. */
  readonly hash: string
  /** Hex. */
  readonly signature: string
}

/** The digests of one region. */
export interface DigestChain {
  /** When the period began that the next digest is about. */
  readonly since: EpochMillis
  /** Left out: the next digest begins the chain. */
  readonly previous?: WrittenDigest
}

/** How far a trail's deliveries are. */
export interface DeliveryState {
  /** Last seq of the API journal whose events are in files, or are none of the trail's. */
  readonly position: number
  /** When the last files were written. */
  readonly flushedAt: EpochMillis
  readonly plan?: FilePlan
  /** By region. */
  readonly chains: Readonly<Record<string, DigestChain>>
  readonly latest: { readonly files?: Latest; readonly digests?: Latest; readonly notifications?: Latest }
}

/** A trail that was deleted while events of it were not delivered. */
export interface RetiredTrail {
  readonly trail: Trail
  readonly retiredAt: EpochMillis
}

interface RetiredRecord {
  readonly home: Region
  readonly name: string
  readonly record: TrailRecord
  readonly retiredAt: EpochMillis
}

/** A delivered file that no digest lists yet. */
export interface WaitingFile {
  readonly region: string
  readonly bucket: string
  readonly key: string
  /** Hex SHA-256 of the uncompressed bytes. */
  readonly hash: string
  readonly newest: EpochMillis
  readonly oldest: EpochMillis
  readonly at: EpochMillis
}

const STATES = 'cloudtrail.delivery'
const RETIRED = 'cloudtrail.retired'
const FILES = 'cloudtrail.file'
/** Files that one digest lists at most; the others come with the next. */
const MAX_FILES = 1_000

type Named = Pick<Trail, 'account' | 'id'>

const keyOf = (collection: string, account: AccountId, id: string): RecordKey => ({
  collection,
  account,
  region: GLOBAL_REGION,
  id,
})

/** What is known about the deliveries of trails. */
export class DeliveryStates {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  async of(trail: Trail): Promise<DeliveryState> {
    const stored = await this.#records.get<DeliveryState>(keyOf(STATES, trail.account, trail.id))
    const [first] = trail.spans
    return (
      stored?.value ?? {
        position: (first?.from ?? 0) - 1,
        flushedAt: trail.startedAt ?? trail.createdAt,
        chains: {},
        latest: {},
      }
    )
  }

  /** Commits the state, and with it files that were delivered or are listed now. */
  async put(
    trail: Named,
    state: DeliveryState,
    files: { readonly delivered?: readonly WaitingFile[]; readonly listed?: readonly WaitingFile[] } = {},
  ): Promise<void> {
    const fileKey = ({ region, key }: WaitingFile): RecordKey =>
      keyOf(FILES, trail.account, `${trail.id}/${region}/${key}`)
    const { delivered = [], listed = [] } = files
    await this.#records.commit([
      { kind: 'put', key: keyOf(STATES, trail.account, trail.id), value: state },
      ...delivered.map((file): RecordChange => ({ kind: 'put', key: fileKey(file), value: file })),
      ...listed.map((file): RecordChange => ({ kind: 'delete', key: fileKey(file) })),
    ])
  }

  /** Delivered files without a digest, of one region or of all, by key. */
  async waiting(trail: Named, region?: string): Promise<readonly WaitingFile[]> {
    const prefix = region === undefined ? `${trail.id}/` : `${trail.id}/${region}/`
    const stored = await this.#records.list<WaitingFile>(FILES, trail.account, GLOBAL_REGION, {
      prefix,
      limit: MAX_FILES,
    })
    return stored.map(({ value }) => value)
  }

  /** What has to be committed so that a deleted trail's events up to `seq` are still delivered. */
  retirement(trail: Trail, seq: number, now: EpochMillis): readonly RecordChange[] {
    const record = { ...recordOf(trail), spans: endedSpans(trail.spans, seq) }
    const value: RetiredRecord = { home: trail.home, name: trail.name, record, retiredAt: now }
    return trail.spans.length === 0 ? [] : [{ kind: 'put', key: keyOf(RETIRED, trail.account, trail.id), value }]
  }

  async retired(): Promise<readonly RetiredTrail[]> {
    const stored = await this.#records.listAll<RetiredRecord>(RETIRED)
    return stored.map(({ key, value: { home, name, record, retiredAt } }) => ({
      trail: trailOf(accountId(key.account), home, name, record, 0),
      retiredAt,
    }))
  }

  /** Nothing is left to deliver, or nobody waits for it any more. */
  async forget(trail: Named): Promise<void> {
    const waiting = await this.waiting(trail)
    await this.#records.commit([
      { kind: 'delete', key: keyOf(RETIRED, trail.account, trail.id) },
      { kind: 'delete', key: keyOf(STATES, trail.account, trail.id) },
      ...waiting.map(({ region, key }): RecordChange => ({
        kind: 'delete',
        key: keyOf(FILES, trail.account, `${trail.id}/${region}/${key}`),
      })),
    ])
  }
}
