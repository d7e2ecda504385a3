import { CborTimestamp } from './timestamp.ts'
import { CborWriter } from './write.ts'

/**
 * Writes a value as one CBOR item: plain objects as maps without the members that are undefined, and lists, text,
 * numbers, booleans, null, `Uint8Array` and {@link CborTimestamp}.
 * @throws TypeError for any other value, and for undefined in a list: a defect of ours.
 */
export function encodeCbor(value: unknown): Uint8Array {
  const writer = new CborWriter()
  write(writer, value)
  return writer.finish()
}

function write(writer: CborWriter, value: unknown): void {
  switch (typeof value) {
    case 'string':
      writer.text(value)
      return
    case 'number':
      writer.number(value)
      return
    case 'boolean':
      writer.boolean(value)
      return
    case 'object':
      writeObject(writer, value)
      return
    default:
      throw new TypeError(`CBOR is not written for a value of type ${typeof value}`)
  }
}

function writeObject(writer: CborWriter, value: object | null): void {
  if (value === null) writer.null()
  else if (Array.isArray(value)) {
    writer.list(value.length)
    for (const item of value) write(writer, item)
  } else if (value instanceof Uint8Array) writer.bytes(value)
  else if (value instanceof CborTimestamp) writer.timestamp(value.seconds)
  else {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    writer.map(entries.length)
    for (const [key, item] of entries) {
      writer.text(key)
      write(writer, item)
    }
  }
}
