import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { StoredLogEvent } from '#stores/journals/log-journal.ts'

/** An opened data key of a group. Groups count theirs from 1. */
export interface DataKey {
  readonly number: number
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** Where a sealed message belongs; it opens nowhere else. */
export type MessagePlace = Pick<StoredLogEvent, 'group' | 'stream' | 'timestamp'>

/** What a stored text begins with that is not the message itself. */
const MARK = '\u0001'
/** First byte behind the mark: a message as it came, for one that begins with the mark itself. */
const PLAIN = 0
const SEALED = 1

const KEY_BYTES = 32
const NONCE_BYTES = 12
const SALT_BYTES = 16
const TAG_BYTES = 16
/** Kind, group number. */
const PLAIN_HEADER_BYTES = 5
const SALT_AT = 5
const INDEX_AT = SALT_AT + SALT_BYTES
/** Kind, number of the data key, salt of the batch, index in the batch. */
const HEADER_BYTES = INDEX_AT + 4

/**
 * Seals the messages of one batch with AES-256-GCM. Every batch has a key of its own, made of the data key and a random
 * salt, and every message its index as nonce, so a data key is good for any number of messages.
 * @returns what to store of the message with this index, as text
 */
export function batchSealer({ number, key }: DataKey): (message: string, index: number, place: MessagePlace) => string {
  const salt = randomBytes(SALT_BYTES)
  const batchKey = keyOfBatch(key, salt)
  return (message, index, place) => {
    const header = Buffer.alloc(HEADER_BYTES)
    header[0] = SEALED
    header.writeUInt32BE(number, 1)
    salt.copy(header, SALT_AT)
    header.writeUInt32BE(index, INDEX_AT)
    const cipher = createCipheriv('aes-256-gcm', batchKey, nonceOf(index)).setAAD(bound(header, place))
    const sealed = Buffer.concat([header, cipher.update(message, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `${MARK}${sealed.toString('base64')}`
  }
}

/** Whether a stored text may be something else than its message; for the hot path. */
export const isMarked = (text: string): boolean => text.startsWith(MARK)

/** What to store of a message without a key, where sealed ones may lie: itself, unless it could be taken for one. */
export function plainText(message: string, group: number): string {
  if (!isMarked(message)) return message
  const header = Buffer.alloc(PLAIN_HEADER_BYTES)
  header[0] = PLAIN
  header.writeUInt32BE(group, 1)
  return `${MARK}${Buffer.concat([header, Buffer.from(message)]).toString('base64')}`
}

/** A sealed message, taken apart. */
export interface SealedMessage {
  readonly keyNumber: number
  readonly bytes: Buffer
}

/** What stands in a stored text: a message, or one that is sealed. */
export function readStored(text: string, group: number): string | SealedMessage {
  if (!isMarked(text)) return text
  const bytes = Buffer.from(text.slice(MARK.length), 'base64')
  if (bytes[0] === SEALED && bytes.length >= HEADER_BYTES + TAG_BYTES)
    return { keyNumber: bytes.readUInt32BE(1), bytes }
  const isPlain = bytes[0] === PLAIN && bytes.length > PLAIN_HEADER_BYTES && bytes.readUInt32BE(1) === group
  return isPlain ? bytes.toString('utf8', PLAIN_HEADER_BYTES) : text
}

/**
 * Opens sealed messages; those of a batch lie together, so the key of the last batch is kept.
 * @returns the message; `undefined` when the data key did not seal it for this place
 */
export function messageOpener(): (sealed: SealedMessage, key: Uint8Array, place: MessagePlace) => string | undefined {
  let last: { readonly key: Uint8Array; readonly salt: Buffer; readonly batchKey: Uint8Array } | undefined
  return ({ bytes }, key, place) => {
    const salt = bytes.subarray(SALT_AT, INDEX_AT)
    if (last?.key !== key || !last.salt.equals(salt)) last = { key, salt, batchKey: keyOfBatch(key, salt) }
    const end = bytes.length - TAG_BYTES
    const nonce = nonceOf(bytes.readUInt32BE(INDEX_AT))
    const decipher = createDecipheriv('aes-256-gcm', last.batchKey, nonce, { authTagLength: TAG_BYTES })
      .setAAD(bound(bytes.subarray(0, HEADER_BYTES), place))
      .setAuthTag(bytes.subarray(end))
    const opened = decipher.update(bytes.subarray(HEADER_BYTES, end))
    try {
      decipher.final()
    } catch {
      return undefined
    }
    return opened.toString('utf8')
  }
}

const keyOfBatch = (key: Uint8Array, salt: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, salt, 'sluice log events', KEY_BYTES))

function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUInt32BE(index, NONCE_BYTES - 4)
  return nonce
}

const bound = (header: Uint8Array, { group, stream, timestamp }: MessagePlace): Buffer =>
  Buffer.concat([header, Buffer.from(`${String(group)}/${String(stream)}/${String(timestamp)}`)])
