import { gunzipSync } from 'node:zlib'
import { type Family, familyOf } from './families.ts'
import { WireError } from './fault.ts'
import { formOf } from './identify.ts'
import { JsonReaders } from './json/read.ts'
import { parseJson, refuseRepeatedKeys } from './json/text.ts'
import { perOperation } from './model/load.ts'
import { type Model, type Operation, operationOf } from './model/model.ts'
import { parseForm } from './query/form.ts'
import { FormReaders } from './query/read.ts'
import { Cursor, Malformed } from './reading/cursor.ts'
import type { Identified, RequestHead } from './request.ts'
import { compileRestReader } from './rest/read.ts'
import { splitUrl } from './scope.ts'

/** Largest body that a compressed one may unfold to. */
const MAX_UNFOLDED_BYTES = 16 * 1024 * 1024

type InputRead = (
  identified: Identified,
  head: RequestHead,
  body: Uint8Array,
  cursor: Cursor,
) => Record<string, unknown>

interface Compiled {
  readonly family: Family
  /** The code for broken constraints, as this operation models it. */
  readonly constraintCode: string
  readonly read: InputRead
}

const compiled = perOperation((model: Model, name: string): Compiled => {
  const family = familyOf(model.service as Identified['service'])
  const operation = operationOf(model, name)
  const constraintCode =
    family.constraintCodes.find((code) => operation.errors?.includes(code)) ?? family.constraintCodes[0]
  return { family, constraintCode, read: compileReader(model, family, operation) }
})

/**
 * Reads a request's input strictly by the model. Members the model does not know are dropped.
 * @returns members by model name; timestamps in milliseconds since 1970, blobs as bytes.
 * @throws WireError when the request cannot be read, or breaks constraints: then all of them in one message.
 */
export function readInput(operation: Identified, head: RequestHead, body: Uint8Array): Record<string, unknown> {
  const { family, constraintCode, read } = compiled(operation.service, operation.operation)
  const cursor = new Cursor()
  let input: Record<string, unknown>
  try {
    input = read(operation, head, unfold(head, body), cursor)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    const { message, path } = error
    throw new WireError(
      family.malformedCode,
      400,
      path === '' ? message : `${message} (at '${path}')`,
      attribute(family, path),
      error,
    )
  }
  const { failures } = cursor
  if (failures.length === 0) return input
  const many = failures.length === 1 ? '1 validation error' : `${String(failures.length)} validation errors`
  const text = failures.map((failure) => failure.text).join('; ')
  throw new WireError(constraintCode, 400, `${many} detected: ${text}`, attribute(family, failures[0]?.path ?? ''))
}

function attribute({ attributeMember }: Family, path: string): Readonly<Record<string, unknown>> {
  return attributeMember === undefined || path === '' ? {} : { [attributeMember]: path }
}

function unfold(head: RequestHead, body: Uint8Array): Uint8Array {
  const encoding = head.headers['content-encoding']?.trim().toLowerCase()
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body
  if (encoding !== 'gzip') throw new Malformed('The content encoding is not supported; send gzip or none', '')
  try {
    return gunzipSync(body, { maxOutputLength: MAX_UNFOLDED_BYTES })
  } catch {
    throw new Malformed(`The request body is not gzip, or unfolds to more than ${String(MAX_UNFOLDED_BYTES)} bytes`, '')
  }
}

function compileReader(model: Model, family: Family, { input }: Operation): InputRead {
  switch (model.protocol) {
    case 'aws-json-1.1':
      return jsonReader(model, family, input)
    case 'aws-query':
      return queryReader(model, family, input)
    case 'rest-json-1': {
      if (input === undefined) return () => ({})
      const read = compileRestReader(model, family, input)
      return ({ labels = {} }, head, body, cursor) => read({ labels, query: splitUrl(head.rawUrl).query }, body, cursor)
    }
  }
}

function jsonReader(model: Model, family: Family, input: string | undefined): InputRead {
  const read = input === undefined ? () => ({}) : new JsonReaders(model, family).reader(input)
  return (_identified, _head, body, cursor) => {
    if (body.length === 0) return read({}, cursor, 0) as Record<string, unknown>
    const parsed = parseJson(body)
    const value = read(parsed.value, cursor, 0) as Record<string, unknown>
    refuseRepeatedKeys(parsed, cursor.keys)
    return value
  }
}

function queryReader(model: Model, family: Family, input: string | undefined): InputRead {
  const read = input === undefined ? () => ({}) : new FormReaders(model, family).reader(input)
  return (_identified, head, body, cursor) => {
    const form = parseForm(formOf(head, splitUrl(head.rawUrl), body) ?? new Uint8Array())
    return read(form, cursor, 0) as Record<string, unknown>
  }
}
