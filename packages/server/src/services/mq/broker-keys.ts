import type { Call, CallAs, CallContext } from '#kernel/call.ts'
import { AccessDenied, AwsError, messageOf } from '#kernel/errors.ts'
import { type Sealer, keySealer } from '#kernel/secrets.ts'
import type { BrokerKey, BrokerRecord } from '#services/mq/broker-record.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MQ_PRINCIPAL } from '#services/mq/log-groups.ts'

/** The key of a broker cannot be used now: it is disabled or gone, or its grant is. */
export class BrokerKeyUnusable extends Error {
  override readonly name = 'BrokerKeyUnusable'
}

type KeyOwner = Pick<BrokerRecord, 'account' | 'region' | 'brokerArn' | 'encryptionKey'>

/** The key of the service, which is made when it is first used. */
const MANAGED_KEY = 'alias/aws/mq'

/**
 * KMS keys of brokers. The secrets of a broker that names a key are sealed under a data key that only KMS can open, with
 * a grant that the caller of CreateBroker makes for this broker.
 */
export class BrokerKeys {
  readonly #call: Call
  readonly #sealer: Sealer

  constructor({ call, sealer }: { readonly call: Call; readonly sealer: Sealer }) {
    this.#call = call
    this.#sealer = sealer
  }

  /**
   * Makes, as the caller, the grant that a broker needs, and has a data key made with it. `undefined`: the broker is to
   * have the key that belongs to AWS.
   * @throws AwsError ForbiddenException, BadRequestException; then there is no grant
   */
  async take(
    ctx: CallContext,
    {
      brokerArn,
      encryptionOptions: { useAwsOwnedKey, kmsKeyId = MANAGED_KEY },
    }: Pick<BrokerRecord, 'brokerArn' | 'encryptionOptions'>,
  ): Promise<BrokerKey | undefined> {
    if (useAwsOwnedKey) return undefined
    const owner = { account: ctx.account, region: ctx.region, brokerArn }
    const asCaller: CallAs = { kind: 'caller', ctx, via: MQ_PRINCIPAL }
    try {
      const { KeyMetadata } = await ctx.call(asCaller, 'kms', 'DescribeKey', { KeyId: kmsKeyId })
      const { Arn: keyArn } = KeyMetadata ?? {}
      if (keyArn === undefined) throw new Error('KMS described a key without an ARN')
      const { GrantId: grantId } = await ctx.call(asCaller, 'kms', 'CreateGrant', {
        KeyId: keyArn,
        GranteeServicePrincipal: MQ_PRINCIPAL,
        RetiringServicePrincipal: MQ_PRINCIPAL,
        Operations: ['Decrypt', 'GenerateDataKeyWithoutPlaintext', 'DescribeKey'],
        Constraints: { EncryptionContextEquals: contextOf(owner), SourceArn: brokerArn },
      })
      if (grantId === undefined) throw new Error('KMS made a grant without an id')
      return { keyArn, grantId, wrapped: await this.#newDataKey(owner, keyArn, grantId) }
    } catch (error) {
      throw error instanceof AwsError ? refusalOf(error, kmsKeyId) : error
    }
  }

  /**
   * What seals and opens the secrets of a broker.
   * @throws BrokerKeyUnusable
   */
  async sealer(broker: KeyOwner): Promise<Sealer> {
    const { encryptionKey: key } = broker
    if (key === undefined) return this.#sealer
    const outer = this.#sealer
    const inner = keySealer(await this.#open(broker, key))
    return {
      seal: (secret, context) => outer.seal(inner.seal(secret, context), context),
      open: (sealed, context) => inner.open(outer.open(sealed, context), context),
    }
  }

  /** Why the key of a broker cannot be used now. `undefined`: it can, or the broker names none. */
  async trouble(broker: KeyOwner): Promise<string | undefined> {
    try {
      await this.sealer(broker)
      return undefined
    } catch (error) {
      if (error instanceof BrokerKeyUnusable) return error.message
      throw error
    }
  }

  /**
   * Gives the grant back of a broker that is no more.
   * @returns what KMS had against it: nothing can be given back of a key that is gone, or of a grant that was revoked
   */
  async giveBack(broker: KeyOwner): Promise<string | undefined> {
    const { encryptionKey: key } = broker
    if (key === undefined) return undefined
    try {
      await this.#call(asBroker(broker), 'kms', 'RetireGrant', { KeyId: key.keyArn, GrantId: key.grantId })
      return undefined
    } catch (error) {
      if (error instanceof AwsError) return messageOf(error)
      throw error
    }
  }

  /** A data key as KMS gives it; without one the grant is given back. */
  async #newDataKey(owner: KeyOwner, keyArn: string, grantId: string): Promise<string> {
    try {
      const { CiphertextBlob: wrapped } = await this.#call(asBroker(owner), 'kms', 'GenerateDataKeyWithoutPlaintext', {
        KeyId: keyArn,
        KeySpec: 'AES_256',
        EncryptionContext: contextOf(owner),
      })
      if (wrapped === undefined) throw new Error('KMS answered GenerateDataKeyWithoutPlaintext without a key')
      return Buffer.from(wrapped).toString('base64')
    } catch (error) {
      await this.giveBack({ ...owner, encryptionKey: { keyArn, grantId, wrapped: '' } })
      throw error
    }
  }

  async #open(broker: KeyOwner, { keyArn, wrapped }: BrokerKey): Promise<Uint8Array> {
    try {
      const { Plaintext: key } = await this.#call(asBroker(broker), 'kms', 'Decrypt', {
        KeyId: keyArn,
        CiphertextBlob: Buffer.from(wrapped, 'base64'),
        EncryptionContext: contextOf(broker),
      })
      if (key === undefined) throw new Error('KMS answered Decrypt without a key')
      return key
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      throw new BrokerKeyUnusable(
        `Amazon MQ cannot use the KMS key ${keyArn} of the broker: ${error.message} Enable the key or cancel its deletion; a grant that was revoked cannot be made again, so the broker can only be replaced then.`,
        { cause: error },
      )
    }
  }
}

const asBroker = ({ account, region, brokerArn }: KeyOwner): CallAs => ({
  kind: 'service',
  service: MQ_PRINCIPAL,
  sourceArn: brokerArn,
  sourceAccount: account,
  region,
})

const contextOf = ({ brokerArn }: Pick<KeyOwner, 'brokerArn'>): Readonly<Record<string, string>> => ({
  'aws:mq:arn': brokerArn,
})

const refusalOf = (error: AwsError, keyId: string): AwsError =>
  error instanceof AccessDenied || error.code === 'AccessDeniedException'
    ? mqErrors.forbidden(error.message, 'encryptionOptions')
    : mqErrors.badRequest(`KMS key ID [${keyId}] is invalid: ${error.message}`, 'encryptionOptions')
