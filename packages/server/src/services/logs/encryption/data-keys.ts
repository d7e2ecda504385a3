import type { Call, OperationInput, OperationOutput } from '#kernel/call.ts'
import type { Clock } from '#kernel/clock.ts'
import { AwsError } from '#kernel/errors.ts'
import type { EpochMillis } from '#kernel/ids.ts'
import type { ServicePrincipal } from '#kernel/principal.ts'
import { type LogsPlace, groupArn } from '#services/logs/arns.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { DATA_KEY_MILLIS } from '#services/logs/limits.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A data key as KMS gave it; what it is found with is the group's key. */
export interface WrappedKey {
  /** ARN of the KMS key. */
  readonly keyArn: string
  /** Base64. */
  readonly wrapped: string
}

export interface DataKeysDeps {
  readonly records: RecordStore
  readonly call: Call
  readonly clock: Clock
}

/** Under `<group number>/<number of the data key>`. */
export const DATA_KEYS = 'logs.data-key'
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/
/** What KMS says of a key that is there and cannot be used now. */
const UNUSABLE: ReadonlySet<string> = new Set(['DisabledException', 'KMSInvalidStateException'])
/** Data keys held opened; the oldest go first. */
const HELD_KEYS = 1_000

interface Held {
  readonly key: Promise<Uint8Array>
  readonly until: EpochMillis
}

/** The data keys that KMS makes for log groups. An opened one serves for five minutes; then KMS is asked again. */
export class DataKeys {
  readonly #deps: DataKeysDeps
  readonly #held = new Map<string, Held>()

  constructor(deps: DataKeysDeps) {
    this.#deps = deps
  }

  /**
   * Has a data key made for a group, as CloudWatch Logs and under the group's encryption context; so the key policy decides.
   * @param unusable what is said of a key that is disabled, from KMS's reason; left out: InvalidParameterException
   * @throws AwsError InvalidParameterException for what is no key's ARN; `unusable`; AccessDeniedException for a key that is
   * not there or does not let CloudWatch Logs use it
   */
  async make(
    keyArn: string,
    place: LogsPlace,
    groupName: string,
    unusable: (reason: string) => AwsError = logsErrors.invalidParameter,
  ): Promise<WrappedKey> {
    if (!KEY_ARN.test(keyArn)) {
      throw logsErrors.invalidParameter('The specified kmsKeyId is not valid: it must be the ARN of a KMS key.')
    }
    const input = { KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: contextOf(place, groupName) } as const
    const made = await this.#ask(place, groupName, 'GenerateDataKeyWithoutPlaintext', input).catch((error: unknown) => {
      throw error instanceof AwsError && UNUSABLE.has(error.code) ? unusable(error.message) : error
    })
    const { CiphertextBlob: wrapped } = made
    if (wrapped === undefined) throw new Error('KMS answered GenerateDataKeyWithoutPlaintext without a key')
    return { keyArn, wrapped: Buffer.from(wrapped).toString('base64') }
  }

  /** What has to be committed with a group whose data key `number` it shall be. */
  kept({ place, number: group }: Pick<LogGroup, 'place' | 'number'>, number: number, key: WrappedKey): RecordChange {
    return { kind: 'put', key: recordKey(place, group, number), value: key, expect: 0 }
  }

  /**
   * A data key of the group, opened.
   * @throws AwsError AccessDeniedException when the KMS key cannot be used now, or does not let CloudWatch Logs use it
   */
  async open(group: LogGroup, number: number): Promise<Uint8Array> {
    const id = `${String(group.number)}/${String(number)}`
    const now = this.#deps.clock.now()
    const held = this.#held.get(id)
    if (held !== undefined && now < held.until) return held.key
    const key = this.#unwrap(group, number)
    this.#hold(id, { key, until: now + DATA_KEY_MILLIS })
    try {
      return await key
    } catch (error) {
      if (this.#held.get(id)?.key === key) this.#held.delete(id)
      throw error
    }
  }

  #hold(id: string, held: Held): void {
    this.#held.delete(id)
    this.#held.set(id, held)
    if (this.#held.size <= HELD_KEYS) return
    const { value: oldest } = this.#held.keys().next()
    if (oldest !== undefined) this.#held.delete(oldest)
  }

  async #unwrap({ place, name, number: group }: LogGroup, number: number): Promise<Uint8Array> {
    const stored = await this.#deps.records.get<WrappedKey>(recordKey(place, group, number))
    if (stored === undefined) throw new Error(`the data key ${String(number)} of the log group ${name} is missing`)
    const { keyArn, wrapped } = stored.value
    const input = {
      KeyId: keyArn,
      CiphertextBlob: Buffer.from(wrapped, 'base64'),
      EncryptionContext: contextOf(place, name),
    }
    const answer = await this.#ask(place, name, 'Decrypt', input).catch((error: unknown) => {
      const isUnusable = error instanceof AwsError && UNUSABLE.has(error.code)
      throw isUnusable ? logsErrors.keyUnusable(groupArn(place, name), error.message) : error
    })
    if (answer.Plaintext === undefined) throw new Error('KMS answered Decrypt without a key')
    return answer.Plaintext
  }

  /** Key policies name the service of their region; some name it without one. */
  async #ask<O extends 'GenerateDataKeyWithoutPlaintext' | 'Decrypt'>(
    place: LogsPlace,
    groupName: string,
    operation: O,
    input: OperationInput<'kms', O>,
  ): Promise<OperationOutput<'kms', O>> {
    const sourceArn = groupArn(place, groupName)
    const services: readonly ServicePrincipal[] = [`logs.${place.region}.amazonaws.com`, 'logs.amazonaws.com']
    for (const service of services) {
      const as = { kind: 'service', service, sourceArn, sourceAccount: place.account, region: place.region } as const
      try {
        return await this.#deps.call(as, 'kms', operation, input)
      } catch (error) {
        if (!(error instanceof AwsError) || UNUSABLE.has(error.code)) throw error
      }
    }
    throw logsErrors.keyNotAllowed(sourceArn)
  }
}

const contextOf = (place: LogsPlace, groupName: string): Readonly<Record<string, string>> => ({
  'aws:logs:arn': groupArn(place, groupName),
})

const recordKey = ({ account, region }: LogsPlace, group: number, number: number): RecordKey => ({
  collection: DATA_KEYS,
  account,
  region,
  id: `${numberId(group)}/${numberId(number)}`,
})
