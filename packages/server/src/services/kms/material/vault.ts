import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { openBytes, sealBytes } from '#kernel/secrets.ts'
import { keyArn } from '#services/kms/arns.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { materialKey } from '#services/kms/keys/key-record.ts'
import type { KmsPlace } from '#services/kms/types.ts'
import { type RecordChange, type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

interface SealedMaterial {
  /** Base64url of AES-256-GCM under a key of the root key, bound to account, region, key and version. */
  readonly sealed: string
}

/** Which material: the key, and its version. */
export interface MaterialRef {
  readonly place: KmsPlace
  readonly keyId: string
  readonly version: number
}

/** Keeps key material sealed under the root key; nothing else in the platform can open it. */
export interface Vault {
  /** The change that stores `material`; the caller goes on owning, and wiping, the bytes. */
  deposit(ref: MaterialRef, material: Uint8Array): RecordChange
  removal(ref: MaterialRef): RecordChange
  /**
   * Opens the material for as long as `use` runs, then wipes it.
   * @throws AwsError KeyUnavailableException when it is missing or does not open
   */
  withMaterial<T>(ref: MaterialRef, use: (material: Buffer) => T | Promise<T>): Promise<T>
  /** Seals what clients carry for KMS, such as import tokens. */
  sealToken(content: Uint8Array, purpose: string): Buffer
  /** @throws Error when it was changed, or sealed for another purpose */
  openToken(sealed: Uint8Array, purpose: string): Buffer
  /** Same text, same 32 bytes, and nobody without the root key can foretell them. */
  mark(purpose: string, content: Uint8Array | string): Buffer
}

const ROOT_KEY_BYTES = 32
const CHECK = { collection: 'kms.root-key', account: 'platform', region: 'platform', id: 'check' } as const

/**
 * Opens the vault of a data directory. The first start notes a check of the root key; later ones compare.
 * @throws Error in one sentence when the root key is not the one that the stored keys were sealed with
 */
export async function openVault(records: RecordStore, rootKey: Uint8Array): Promise<Vault> {
  if (rootKey.length !== ROOT_KEY_BYTES)
    throw new Error(`the root key of KMS has ${String(rootKey.length)} bytes, but must have ${String(ROOT_KEY_BYTES)}`)
  const vault = vaultOf(records, rootKey)
  await checkRootKey(records, vault.mark('root key check', ''))
  return vault
}

function vaultOf(records: RecordStore, rootKey: Uint8Array): Vault {
  const derived = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', rootKey, '', `sluice kms ${purpose}`, 32))
  const keys = { material: derived('material'), token: derived('token'), mark: derived('mark') }
  return {
    deposit: (ref, material) => ({
      kind: 'put',
      key: materialKey(ref.place, ref.keyId, ref.version),
      value: {
        sealed: sealBytes(keys.material, material, contextOf(ref)).toString('base64url'),
      } satisfies SealedMaterial,
    }),
    removal: (ref) => ({ kind: 'delete', key: materialKey(ref.place, ref.keyId, ref.version) }),
    async withMaterial(ref, use) {
      const stored = await records.get<SealedMaterial>(materialKey(ref.place, ref.keyId, ref.version))
      const material = opened(keys.material, stored?.value.sealed ?? '', contextOf(ref))
      try {
        return await use(material)
      } finally {
        material.fill(0)
      }
    },
    sealToken: (content, purpose) => sealBytes(keys.token, content, Buffer.from(purpose)),
    openToken: (sealed, purpose) => openBytes(keys.token, sealed, Buffer.from(purpose)),
    mark: (purpose, content) => createHmac('sha256', keys.mark).update(`${purpose}\0`).update(content).digest(),
  }
}

const contextOf = ({ place, keyId, version }: MaterialRef): Buffer =>
  Buffer.from(`kms material ${keyArn(place, keyId)} ${String(version)}`)

function opened(key: Uint8Array, sealed: string, context: Uint8Array): Buffer {
  try {
    return openBytes(key, Buffer.from(sealed, 'base64url'), context)
  } catch (error) {
    throw kmsErrors.keyUnavailable(error)
  }
}

async function checkRootKey(records: RecordStore, check: Buffer): Promise<void> {
  try {
    await records.commit([{ kind: 'put', key: CHECK, value: { check: check.toString('base64url') }, expect: 0 }])
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw error
    const stored = Buffer.from((await records.get<{ check: string }>(CHECK))?.value.check ?? '', 'base64url')
    if (stored.length !== check.length || !timingSafeEqual(stored, check))
      throw new Error(
        'the root key of KMS is not the one that the keys of this data directory were sealed with; give the right one (SLUICE_KMS_ROOT_KEY, or the file kms-root.key of the data directory): without it they cannot be opened',
        { cause: error },
      )
  }
}
