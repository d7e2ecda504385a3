import type { Clock } from '#kernel/clock.ts'
import { principalName } from '#kernel/principal.ts'
import type { Aliases } from '#services/kms/aliases/aliases.ts'
import { type Named, aliasArn, keyArn, parseKeyIdentifier } from '#services/kms/arns.ts'
import { type Blob, readBlob } from '#services/kms/crypto/blob.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import type { Key } from '#services/kms/keys/key-record.ts'
import type { Keys } from '#services/kms/keys/keys.ts'
import type { ManagedKeys } from '#services/kms/keys/managed.ts'
import type { Caller, KmsPlace } from '#services/kms/types.ts'

/** The key that a call means. */
export interface Target {
  readonly key: Key
  /** The alias by which it was named. */
  readonly alias?: string
}

/** Which key a call's words were found to mean. */
interface Pin {
  readonly place: KmsPlace
  readonly keyId: string
  readonly alias?: string
}

interface TargetsDeps {
  readonly keys: Keys
  readonly aliases: Aliases
  readonly managed: ManagedKeys
  readonly clock: Clock
}

/**
 * Finds the keys that calls mean. What the gate was asked about is what the handler works with: an alias that is moved
 * between the two does not move the call.
 */
export class Targets {
  readonly #deps: TargetsDeps
  readonly #pins = new WeakMap<object, Map<string, Pin>>()

  constructor(deps: TargetsDeps) {
    this.#deps = deps
  }

  /**
   * The key that `identifier` names in this input.
   * @throws AwsError NotFoundException, InvalidArnException; AccessDeniedException for one of another account that is not there
   */
  async of(input: object, identifier: string, caller: Caller, operation: string): Promise<Target> {
    const { keys, clock } = this.#deps
    const now = clock.now()
    const earlier = this.#pins.get(input)?.get(identifier)
    const named = parseKeyIdentifier(identifier, caller)
    const pin = earlier ?? (await this.#pin(named, caller, operation, now))
    const key = pin && (await keys.find(pin.place, pin.keyId, now))
    if (pin === undefined || key === undefined) throw this.#missing(named, caller, operation)
    this.#note(input, identifier, pin)
    return { key, ...(pin.alias === undefined ? {} : { alias: pin.alias }) }
  }

  /**
   * The key of a ciphertext of a symmetric key, which says itself whose it is.
   * @throws AwsError InvalidCiphertextException; AccessDeniedException when the key is not there
   */
  async ofBlob(input: object, ciphertext: Uint8Array, caller: Caller): Promise<Target & { readonly blob: Blob }> {
    const blob = readBlob(ciphertext)
    if (blob === undefined) throw kmsErrors.invalidCiphertext()
    const place = { account: blob.account, region: caller.region }
    const key = await this.#deps.keys.find(place, blob.keyId, this.#deps.clock.now())
    if (key === undefined) throw kmsErrors.hiddenCiphertextKey()
    this.#note(input, key.arn, { place, keyId: key.keyId })
    return { key, blob }
  }

  /** The ARNs of all keys that were found for an input. */
  arnsOf(input: object): readonly string[] {
    const pins = [...(this.#pins.get(input)?.values() ?? [])]
    return [...new Set(pins.map(({ place, keyId }) => keyArn(place, keyId)))]
  }

  async #pin(named: Named, caller: Caller, operation: string, now: number): Promise<Pin | undefined> {
    const { place, name } = named
    if (named.kind === 'key') return { place, keyId: name }
    const alias = await this.#deps.aliases.find(place, name)
    const keyId = alias?.keyId ?? (await this.#deps.managed.madeFor(named, caller, operation, now))
    return keyId === undefined ? undefined : { place, keyId, alias: name }
  }

  #missing({ kind, place, name }: Named, caller: Caller, operation: string): Error {
    const arn = kind === 'alias' ? aliasArn(place, name) : keyArn(place, name)
    if (place.account !== caller.account)
      return kmsErrors.hiddenKey(principalName(caller.principal), `kms:${operation}`, arn)
    return kind === 'alias' ? kmsErrors.aliasNotFound(arn) : kmsErrors.keyNotFound(arn)
  }

  #note(input: object, identifier: string, pin: Pin): void {
    const pins = this.#pins.get(input) ?? new Map<string, Pin>()
    pins.set(identifier, pin)
    this.#pins.set(input, pins)
  }
}
