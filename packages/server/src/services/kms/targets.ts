import type { Clock } from '#kernel/clock.ts'
import { principalName } from '#kernel/principal.ts'
import type { Aliases } from '#services/kms/aliases/aliases.ts'
import { type Named, aliasArn, keyArn, parseKeyIdentifier } from '#services/kms/arns.ts'
import { type Blob, readBlob } from '#services/kms/crypto/blob.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { type Key, keyKey, keyOf } from '#services/kms/keys/key-record.ts'
import type { Keys } from '#services/kms/keys/keys.ts'
import type { ManagedKeys } from '#services/kms/keys/managed.ts'
import type { NewKey } from '#services/kms/keys/new-key.ts'
import type { Caller, KmsPlace } from '#services/kms/types.ts'

/** The key that a call means. */
export interface Target {
  readonly key: Key
  /** The alias by which it was named. */
  readonly alias?: string
  /** A key of a service that is not there so far; it is made once the call is allowed. */
  readonly prospect?: NewKey
}

/** Which key a call's words were found to mean. */
interface Pin extends Pick<Target, 'alias' | 'prospect'> {
  readonly place: KmsPlace
  readonly keyId: string
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
   * The key that `identifier` means in this input, for the gate: nothing is made.
   * @throws AwsError NotFoundException, InvalidArnException; AccessDeniedException for one of another account that is not there
   */
  async meant(input: object, identifier: string, caller: Caller, operation: string): Promise<Target> {
    const named = parseKeyIdentifier(identifier, caller)
    const pin = this.#pins.get(input)?.get(identifier) ?? (await this.#find(named, caller, operation))
    const key = pin && (await this.#keyOf(pin))
    if (pin === undefined || key === undefined) throw this.#missing(named, caller, operation)
    this.#note(input, identifier, pin)
    const { alias, prospect } = pin
    return { key, ...(alias === undefined ? {} : { alias }), ...(prospect === undefined ? {} : { prospect }) }
  }

  /** The same for handlers: a key of a service that is not there is made. @throws AwsError as {@link meant} */
  async of(input: object, identifier: string, caller: Caller, operation: string): Promise<Target> {
    const target = await this.meant(input, identifier, caller, operation)
    const { alias, prospect, key } = target
    if (alias === undefined || prospect === undefined) return target
    const keyId = await this.#deps.managed.make(key.place, alias, prospect)
    this.#note(input, identifier, { place: key.place, keyId, alias })
    return this.meant(input, identifier, caller, operation)
  }

  /**
   * The key of a ciphertext of a symmetric key, which says itself whose it is.
   * @throws AwsError InvalidCiphertextException; AccessDeniedException when the key is not there
   */
  async ofBlob(input: object, ciphertext: Uint8Array, caller: Caller): Promise<Target & { readonly blob: Blob }> {
    const blob = readBlob(ciphertext)
    if (blob === undefined) throw kmsErrors.invalidCiphertext()
    const pin = { place: { account: blob.account, region: caller.region }, keyId: blob.keyId }
    const key = await this.#keyOf(pin)
    if (key === undefined) throw kmsErrors.hiddenCiphertextKey()
    this.#note(input, key.arn, pin)
    return { key, blob }
  }

  /** The ARNs of all keys that were found for an input. */
  arnsOf(input: object): readonly string[] {
    const pins = [...(this.#pins.get(input)?.values() ?? [])].filter(({ prospect }) => prospect === undefined)
    return [...new Set(pins.map(({ place, keyId }) => keyArn(place, keyId)))]
  }

  async #find(named: Named, caller: Caller, operation: string): Promise<Pin | undefined> {
    const { place, name } = named
    if (named.kind === 'key') return { place, keyId: name }
    const alias = await this.#deps.aliases.find(place, name)
    if (alias !== undefined) return { place, keyId: alias.keyId, alias: name }
    const prospect = await this.#deps.managed.prospect(named, caller, operation, this.#deps.clock.now())
    return prospect && { place, keyId: prospect.keyId, alias: name, prospect }
  }

  async #keyOf({ place, keyId, prospect }: Pin): Promise<Key | undefined> {
    return prospect === undefined
      ? this.#deps.keys.find(place, keyId, this.#deps.clock.now())
      : keyOf(place, { key: keyKey(place, keyId), revision: 0, value: prospect.record })
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
