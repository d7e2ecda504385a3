import { type CipherGCM, createCipheriv, createDecipheriv } from 'node:crypto'
import { BlobCorrupt, type BlobId } from '#stores/objects/object-store.ts'

/** Bytes of content a block; the last one may be shorter. A range is verified in whole blocks. */
export const BLOCK_BYTES: number = 64 * 1024
const TAG_BYTES = 16
const NONCE_BYTES = 12
/** A full block as it lies on the disk: content, then the tag that vouches for it. */
export const STORED_BLOCK_BYTES: number = BLOCK_BYTES + TAG_BYTES
const ALGORITHM = 'aes-256-gcm'

/** How long the file of so many bytes of content is. */
export const storedLength = (length: number): number => length + Math.ceil(length / BLOCK_BYTES) * TAG_BYTES

/** A key is used for one blob, so the number of the block is nonce enough, and blocks cannot change places. */
function nonceOf(block: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeBigUInt64BE(BigInt(block), NONCE_BYTES - 8)
  return nonce
}

/** Encrypts content as it comes, block after block. */
export class BlockSealer {
  readonly #key: Uint8Array
  #cipher: CipherGCM | undefined
  #block = 0
  #filled = 0
  /** Bytes of content so far. */
  length = 0

  constructor(key: Uint8Array) {
    this.#key = key
  }

  /** Pushes what is ready for the disk. */
  take(content: Uint8Array, out: Uint8Array[]): void {
    let rest = content
    while (rest.length > 0) {
      this.#cipher ??= createCipheriv(ALGORITHM, this.#key, nonceOf(this.#block))
      const part = rest.subarray(0, BLOCK_BYTES - this.#filled)
      out.push(this.#cipher.update(part))
      this.#filled += part.length
      this.length += part.length
      rest = rest.subarray(part.length)
      if (this.#filled === BLOCK_BYTES) this.end(out)
    }
  }

  /** Ends the block that is open, if one is. */
  end(out: Uint8Array[]): void {
    if (this.#cipher === undefined) return
    this.#cipher.final()
    out.push(this.#cipher.getAuthTag())
    this.#cipher = undefined
    this.#block += 1
    this.#filled = 0
  }
}

/**
 * The content of one stored block.
 * @throws BlobCorrupt when it is not what was written there
 */
export function openBlock(id: BlobId, key: Uint8Array, block: number, stored: Uint8Array): Buffer {
  const body = stored.length - TAG_BYTES
  const decipher = createDecipheriv(ALGORITHM, key, nonceOf(block)).setAuthTag(stored.subarray(body))
  const content = decipher.update(stored.subarray(0, body))
  try {
    decipher.final()
  } catch {
    throw new BlobCorrupt(id, `block ${String(block)} does not match its tag`)
  }
  return content
}
