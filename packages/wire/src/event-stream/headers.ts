/** A header's value with its type on the wire. A timestamp is in milliseconds since 1970, a UUID in lower case. */
export type EventHeader =
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'byte' | 'short' | 'integer' | 'timestamp'; readonly value: number }
  | { readonly type: 'long'; readonly value: bigint }
  | { readonly type: 'binary'; readonly value: Uint8Array }
  | { readonly type: 'string' | 'uuid'; readonly value: string }

export type EventHeaders = ReadonlyMap<string, EventHeader>

const MAX_NAME_BYTES = 255
/** Of a text or of bytes; the two bytes of its length could say more. */
export const MAX_VALUE_BYTES = 32_767
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/** @throws RangeError for a name or value that has no place on the wire: a defect of ours. */
export function writeHeaders(headers: EventHeaders): Buffer {
  return Buffer.concat(Array.from(headers).flatMap(([name, header]) => [writeName(name), writeValue(header)]))
}

function writeName(name: string): Buffer {
  const bytes = Buffer.from(name)
  if (bytes.length === 0 || bytes.length > MAX_NAME_BYTES)
    throw new RangeError(
      `a header's name has ${String(bytes.length)} bytes; it must have 1 to ${String(MAX_NAME_BYTES)}`,
    )
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

function writeValue(header: EventHeader): Buffer {
  switch (header.type) {
    case 'boolean':
      return Buffer.of(header.value ? 0 : 1)
    case 'byte':
      return filled(2, 1, (bytes) => bytes.writeInt8(header.value, 1))
    case 'short':
      return filled(3, 2, (bytes) => bytes.writeInt16BE(header.value, 1))
    case 'integer':
      return filled(4, 4, (bytes) => bytes.writeInt32BE(header.value, 1))
    case 'long':
      return filled(5, 8, (bytes) => bytes.writeBigInt64BE(header.value, 1))
    case 'binary':
      return withLength(6, header.value)
    case 'string':
      return withLength(7, Buffer.from(header.value))
    case 'timestamp':
      return filled(8, 8, (bytes) => bytes.writeBigInt64BE(BigInt(header.value), 1))
    case 'uuid':
      if (!UUID.test(header.value)) throw new RangeError('a header of type uuid does not hold a UUID in lower case')
      return Buffer.concat([Buffer.of(9), Buffer.from(header.value.replaceAll('-', ''), 'hex')])
  }
}

function filled(type: number, size: number, fill: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(1 + size, type)
  fill(bytes)
  return bytes
}

function withLength(type: number, value: Uint8Array): Buffer {
  if (value.length > MAX_VALUE_BYTES)
    throw new RangeError(`a header has ${String(value.length)} bytes; the most is ${String(MAX_VALUE_BYTES)}`)
  return Buffer.concat([filled(type, 2, (bytes) => bytes.writeUInt16BE(value.length, 1)), value])
}
