import { type AccountId, GLOBAL_REGION, accountId, region } from '#kernel/ids.ts'
import { type TrailRef, trailArn } from '#services/cloudtrail/arns.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_TRAILS } from '#services/cloudtrail/limits.ts'
import { type Trail, type TrailRecord, recordOf, trailOf } from '#services/cloudtrail/trails/trail.ts'
import type { TrailPlace } from '#services/cloudtrail/types.ts'
import {
  type RecordChange,
  type RecordKey,
  type RecordStore,
  RevisionConflict,
  type StoredRecord,
} from '#stores/records/record-store.ts'

const TRAILS = 'cloudtrail.trail'

/** How often a change is tried again when somebody else was quicker. */
const ATTEMPTS = 16

// All of an account lie together, because each region shows the others' multi-region trails.
const keyOf = (account: string, home: string, name: string): RecordKey => ({
  collection: TRAILS,
  account,
  region: GLOBAL_REGION,
  id: `${home}/${name}`,
})

function readTrail({ key, value, revision }: StoredRecord<TrailRecord>): Trail {
  const [home = '', name = ''] = key.id.split('/')
  return trailOf(accountId(key.account), region(home), name, value, revision)
}

/** The trails of all accounts. */
export class Trails {
  readonly #records: RecordStore
  /** The last creation: the next one counts what it made. */
  #creating: Promise<unknown> = Promise.resolve()

  constructor(records: RecordStore) {
    this.#records = records
  }

  /** By ascending home region and name. */
  async ofAccount(account: AccountId): Promise<readonly Trail[]> {
    const stored = await this.#records.list<TrailRecord>(TRAILS, account, GLOBAL_REGION)
    return stored.map(readTrail)
  }

  async all(): Promise<readonly Trail[]> {
    return (await this.#records.listAll<TrailRecord>(TRAILS)).map(readTrail)
  }

  /** Those that a region shows: its own, and multi-region trails of others. */
  async shownIn({ account, region: here }: TrailPlace): Promise<readonly Trail[]> {
    return (await this.ofAccount(account)).filter(({ home, multiRegion }) => home === here || multiRegion)
  }

  /** What a call in `place` means: a trail of its region, or by ARN a multi-region trail of another one. */
  async find(ref: TrailRef, place: TrailPlace): Promise<Trail | undefined> {
    if (ref.account !== place.account) return undefined
    const stored = await this.#records.get<TrailRecord>(keyOf(ref.account, ref.region, ref.name))
    if (stored === undefined) return undefined
    const trail = readTrail(stored)
    return trail.home === place.region || trail.multiRegion ? trail : undefined
  }

  /** @throws AwsError TrailNotFoundException */
  async require(ref: TrailRef, place: TrailPlace): Promise<Trail> {
    const trail = await this.find(ref, place)
    if (trail === undefined) throw cloudtrailErrors.trailNotFound(shown(ref), place.account)
    return trail
  }

  /** The trail, for a change. @throws AwsError TrailNotFoundException, InvalidHomeRegionException for a shadow */
  async requireHome(ref: TrailRef, place: TrailPlace): Promise<Trail> {
    const trail = (await this.find(ref, place)) ?? (await this.#shadow(ref, place))
    if (trail === undefined) throw cloudtrailErrors.trailNotFound(shown(ref), place.account)
    if (trail.home !== place.region) throw cloudtrailErrors.homeRegion(trail.arn, trail.home)
    return trail
  }

  /** The multi-region trail of another region that has this name. */
  async #shadow({ name, byArn }: TrailRef, place: TrailPlace): Promise<Trail | undefined> {
    return byArn ? undefined : (await this.shownIn(place)).find((trail) => trail.name === name)
  }

  /** @throws AwsError TrailAlreadyExistsException, MaximumNumberOfTrailsExceededException */
  async checkRoom(place: TrailPlace, name: string): Promise<void> {
    const shown = await this.shownIn(place)
    if (shown.some((trail) => trail.name === name)) throw cloudtrailErrors.trailExists(name, place.account)
    if (shown.length >= MAX_TRAILS) throw cloudtrailErrors.tooManyTrails(place.account, shown.length, place.region)
  }

  /** @throws AwsError as {@link checkRoom} */
  create(place: TrailPlace, name: string, record: TrailRecord): Promise<Trail> {
    const created = this.#creating.then(async () => {
      await this.checkRoom(place, name)
      const key = keyOf(place.account, place.region, name)
      await this.#records.commit([{ kind: 'put', key, value: record, expect: 0 }])
      return trailOf(place.account, place.region, name, record, 1)
    })
    this.#creating = created.catch(() => {})
    return created
  }

  /**
   * Commits what `change` makes of the trail as it is now.
   * @throws AwsError TrailNotFoundException, ConflictException, and what `change` throws
   */
  async change(trail: Trail, change: (now: Trail) => TrailRecord): Promise<Trail> {
    const key = keyOf(trail.account, trail.home, trail.name)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const stored = await this.#records.get<TrailRecord>(key)
      if (stored === undefined || stored.value.id !== trail.id)
        throw cloudtrailErrors.trailNotFound(trail.name, trail.account)
      const value = change(readTrail(stored))
      try {
        await this.#records.commit([{ kind: 'put', key, value, expect: stored.revision }])
      } catch (error) {
        if (error instanceof RevisionConflict) continue
        throw error
      }
      return trailOf(trail.account, trail.home, trail.name, value, stored.revision + 1)
    }
    throw cloudtrailErrors.conflict()
  }

  /** The same for some members. */
  set(trail: Trail, members: Partial<TrailRecord>): Promise<Trail> {
    return this.change(trail, (now) => ({ ...recordOf(now), ...members }))
  }

  /** Commits something together with the end of the trail. @throws AwsError ConflictException */
  async delete({ account, home, name, revision }: Trail, also: readonly RecordChange[]): Promise<void> {
    try {
      await this.#records.commit([{ kind: 'delete', key: keyOf(account, home, name), expect: revision }, ...also])
    } catch (error) {
      throw error instanceof RevisionConflict ? cloudtrailErrors.conflict() : error
    }
  }

  /** Hears of every change; returns how to stop hearing. */
  watch(hear: (account: string) => void): () => void {
    return this.#records.watch(TRAILS, ({ account }) => hear(account))
  }
}

const shown = (ref: TrailRef): string =>
  ref.byArn ? trailArn({ account: ref.account, region: ref.region }, ref.name) : ref.name
