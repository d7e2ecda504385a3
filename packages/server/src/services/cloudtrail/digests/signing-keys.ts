import { createHash, generateKeyPair, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { EpochMillis } from '#kernel/ids.ts'
import type { Sealer } from '#kernel/secrets.ts'
import type { TrailPlace } from '#services/cloudtrail/types.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A public key as ListPublicKeys answers it. */
export interface PublishedKey {
  /** 32 hex digits. */
  readonly fingerprint: string
  /** DER of PKCS#1, in base64. */
  readonly publicKey: string
  readonly validFrom: EpochMillis
  readonly validTo: EpochMillis
}

/** A key that signs, with what others verify by. */
export interface SigningKey {
  readonly fingerprint: string
  /** RSASSA-PKCS1-v1_5 with SHA-256, in hex. */
  sign(text: string): string
}

interface KeyRecord extends PublishedKey {
  /** PKCS#8 in PEM, sealed. */
  readonly sealed: string
}

const COLLECTION = 'cloudtrail.signing-key'
const newKeyPair = promisify(generateKeyPair)
const BITS = 2_048
/** How long a key signs; then the next one is made. */
const VALID_MILLIS = 90 * 24 * 60 * 60_000
/** Keys of one account and region that are answered: far more than are made in the lifetime of an archive. */
const MAX_KEYS = 1_000

/** The keys that sign digests: one at a time for each account and region. The old ones are published for good. */
export class SigningKeys {
  readonly #records: RecordStore
  readonly #sealer: Sealer

  constructor({ records, sealer }: { readonly records: RecordStore; readonly sealer: Sealer }) {
    this.#records = records
    this.#sealer = sealer
  }

  /** By fingerprint. */
  async published({ account, region }: TrailPlace): Promise<readonly PublishedKey[]> {
    const stored = await this.#records.list<KeyRecord>(COLLECTION, account, region, { limit: MAX_KEYS })
    return stored.map(({ value: { sealed: _sealed, ...key } }) => key)
  }

  /** The key of a time; it is made when there is none, and is in the records before it signs. */
  async at({ account, region }: TrailPlace, now: EpochMillis): Promise<SigningKey> {
    const stored = await this.#records.list<KeyRecord>(COLLECTION, account, region, { limit: MAX_KEYS })
    const valid = stored.find(({ value }) => value.validFrom <= now && value.validTo > now)
    const record = valid?.value ?? (await this.#create({ account, region }, now))
    const pem = this.#sealer.open(record.sealed, contextOf({ account, region }, record.fingerprint))
    return {
      fingerprint: record.fingerprint,
      sign: (text) => sign('RSA-SHA256', Buffer.from(text), pem).toString('hex'),
    }
  }

  async #create(place: TrailPlace, now: EpochMillis): Promise<KeyRecord> {
    const { publicKey, privateKey } = await newKeyPair('rsa', { modulusLength: BITS })
    const der = publicKey.export({ type: 'pkcs1', format: 'der' })
    const fingerprint = createHash('sha256').update(der).digest('hex').slice(0, 32)
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const record: KeyRecord = {
      fingerprint,
      publicKey: der.toString('base64'),
      validFrom: now,
      validTo: now + VALID_MILLIS,
      sealed: this.#sealer.seal(pem, contextOf(place, fingerprint)),
    }
    await this.#records.commit([{ kind: 'put', key: keyOf(place, fingerprint), value: record, expect: 0 }])
    return record
  }
}

const keyOf = ({ account, region }: TrailPlace, fingerprint: string): RecordKey => ({
  collection: COLLECTION,
  account,
  region,
  id: fingerprint,
})

/** Binds the sealed key to its place. */
const contextOf = ({ account, region }: TrailPlace, fingerprint: string): string =>
  `${COLLECTION}/${account}/${region}/${fingerprint}`
