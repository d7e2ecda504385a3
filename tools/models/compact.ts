import type { RawObject } from './botocore.ts'
import type { ModelSource } from './services.ts'

/** What is kept of a shape and of a member: everything that decides bytes, checks or redaction. */
const SHAPE_KEYS = new Set([
  'type',
  'members',
  'required',
  'member',
  'key',
  'value',
  'min',
  'max',
  'pattern',
  'enum',
  'sensitive',
  'exception',
  'fault',
  'error',
  'timestampFormat',
  'flattened',
  'payload',
  'union',
  'event',
  'eventstream',
  'streaming',
  'xmlNamespace',
  'locationName',
  'document',
])
const MEMBER_KEYS = new Set([
  'shape',
  'location',
  'locationName',
  'idempotencyToken',
  'timestampFormat',
  'flattened',
  'xmlAttribute',
  'xmlNamespace',
  'queryName',
  'streaming',
  'eventpayload',
  'eventheader',
  'hostLabel',
  'jsonvalue',
  'sensitive',
])
const OPERATION_KEYS = new Set(['http', 'input', 'output', 'errors', 'authtype', 'endpoint', 'httpChecksum'])
/** What is dropped on purpose: prose, and hints for clients. Any other key stops the generator, so nothing is lost unseen. */
const DROPPED_KEYS = new Set([
  'documentation',
  'documentationUrl',
  'deprecated',
  'deprecatedMessage',
  'deprecatedSince',
  'box',
  'name',
  'auth',
  'idempotent',
  'retryable',
  'readonly',
  'endpointdiscovery',
  'httpChecksumRequired',
  'staticContextParams',
  'contextParam',
  'operationContextParams',
  'synthetic',
  'alias',
  'unsignedPayload',
  'requestcompression',
  'wrapper',
  'xmlOrder',
])

export type CompactShape = RawObject & {
  readonly type: string
  readonly members?: Readonly<Record<string, CompactMember>>
  readonly required?: readonly string[]
  readonly member?: CompactMember
  readonly key?: CompactMember
  readonly value?: CompactMember
  readonly enum?: readonly string[]
  readonly eventstream?: boolean
  readonly exception?: boolean
  readonly streaming?: boolean
  readonly document?: boolean
}
export type CompactMember = RawObject & { readonly shape: string; readonly streaming?: boolean }
export interface CompactOperation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number }
  readonly input?: string
  /** The root element of an XML body that is the input itself. */
  readonly inputRoot?: string
  readonly output?: string
  readonly resultWrapper?: string
  readonly errors?: readonly string[]
  readonly authtype?: string
  readonly endpoint?: RawObject
  /** The body must come with a checksum. */
  readonly checksumRequired?: boolean
}
export type Protocol =
  | 'aws-json-1.0'
  | 'aws-json-1.1'
  | 'rest-json-1'
  | 'rest-xml'
  | 'aws-query'
  | 'ec2-query'
  | 'rpc-v2-cbor'
export interface CompactModel {
  readonly service: string
  readonly source: string
  readonly apiVersion: string
  /** Every protocol that the service speaks, its own first. */
  readonly protocols: readonly Protocol[]
  readonly signingName: string
  readonly targetPrefix?: string
  readonly xmlNamespace?: string
  /** Errors also carry their code of the Query protocol. */
  readonly queryCompatible?: boolean
  readonly operations: Readonly<Record<string, CompactOperation>>
  readonly shapes: Readonly<Record<string, CompactShape>>
}

/**
 * Reduces a botocore model to what the wire needs, in a fixed order.
 * @throws Error for a key or protocol this generator does not know, naming where it was met.
 */
export function compactModel(from: ModelSource, source: string, raw: RawObject): CompactModel {
  const { id: service } = from
  const metadata = raw['metadata'] as Metadata
  const operations = mapSorted(wanted(from, raw['operations'] as Record<string, RawObject>), compactOperation)
  const every = raw['shapes'] as Record<string, RawObject>
  const names = reachable(operations, every)
  return {
    service,
    source,
    apiVersion: metadata.apiVersion,
    protocols: (metadata.protocols ?? [metadata.protocol]).map((name) => protocolOf(service, name, metadata)),
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    ...(metadata.targetPrefix === undefined ? {} : { targetPrefix: metadata.targetPrefix }),
    ...(metadata.xmlNamespace === undefined ? {} : { xmlNamespace: metadata.xmlNamespace }),
    ...(metadata.awsQueryCompatible === undefined ? {} : { queryCompatible: true }),
    operations,
    shapes: Object.fromEntries(names.map((name) => [name, compactShape(name, every)])),
  }
}

/** botocore's `metadata` of a model, as far as it is used. */
interface Metadata {
  readonly apiVersion: string
  readonly protocol: string
  readonly protocols?: readonly string[]
  readonly jsonVersion?: string
  readonly endpointPrefix: string
  readonly signingName?: string
  readonly targetPrefix?: string
  readonly xmlNamespace?: string
  readonly awsQueryCompatible?: RawObject
}

function wanted(
  { id, only, without = [] }: ModelSource,
  operations: Readonly<Record<string, RawObject>>,
): Readonly<Record<string, RawObject>> {
  for (const name of [...(only ?? []), ...without])
    if (operations[name] === undefined) throw new Error(`the model of ${id} has no operation ${name}`)
  const names = (only ?? Object.keys(operations)).filter((name) => !without.includes(name))
  return Object.fromEntries(names.map((name) => [name, operations[name] ?? {}]))
}

/** The model as text: one operation and one shape a line, so that an update reads well as a diff. */
export function modelText(model: CompactModel): string {
  const { operations, shapes, ...head } = model
  const lines = (entries: object): string =>
    Object.entries(entries)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(',\n')
  return `${JSON.stringify(head).slice(0, -1)},\n"operations":{\n${lines(operations)}\n},\n"shapes":{\n${lines(shapes)}\n}}\n`
}

function protocolOf(service: string, name: string, { jsonVersion }: Metadata): Protocol {
  if (name === 'json' && jsonVersion === '1.0') return 'aws-json-1.0'
  if (name === 'json' && jsonVersion === '1.1') return 'aws-json-1.1'
  if (name === 'rest-json') return 'rest-json-1'
  if (name === 'rest-xml') return 'rest-xml'
  if (name === 'query') return 'aws-query'
  if (name === 'ec2') return 'ec2-query'
  if (name === 'smithy-rpc-v2-cbor') return 'rpc-v2-cbor'
  throw new Error(
    `${service} speaks ${name} ${String(jsonVersion)}, which packages/wire does not know yet; add the protocol there first`,
  )
}

function compactOperation(name: string, raw: RawObject): CompactOperation {
  const kept = keep(`operation ${name}`, raw, OPERATION_KEYS)
  const { input, output, errors, httpChecksum, ...rest } = kept as Record<string, unknown> & {
    readonly http: CompactOperation['http']
  }
  const asked = input as { readonly shape: string; readonly locationName?: string } | undefined
  const target = output as { readonly shape: string; readonly resultWrapper?: string } | undefined
  const checksum = httpChecksum as { readonly requestChecksumRequired?: boolean } | undefined
  return {
    ...rest,
    ...(checksum?.requestChecksumRequired === true ? { checksumRequired: true } : {}),
    ...(asked === undefined ? {} : { input: asked.shape }),
    ...(asked?.locationName === undefined ? {} : { inputRoot: asked.locationName }),
    ...(target === undefined ? {} : { output: target.shape }),
    ...(target?.resultWrapper === undefined ? {} : { resultWrapper: target.resultWrapper }),
    ...(errors === undefined ? {} : { errors: (errors as readonly CompactMember[]).map(({ shape }) => shape).sort() }),
  }
}

function compactShape(name: string, every: Readonly<Record<string, RawObject>>): CompactShape {
  // A shape's own locationName is only what its members are called by default, so it is kept there.
  const { locationName: _, ...shape } = keep(`shape ${name}`, every[name] ?? {}, SHAPE_KEYS)
  const member = (value: unknown, at: string): RawObject => {
    const kept = keep(`member ${name}.${at}`, value as RawObject, MEMBER_KEYS)
    const byDefault = every[(kept as CompactMember).shape]?.['locationName']
    return byDefault === undefined ? kept : { locationName: byDefault, ...kept }
  }
  const { members, ...rest } = shape
  for (const at of ['member', 'key', 'value']) if (rest[at] !== undefined) rest[at] = member(rest[at], at)
  if (members === undefined) return rest as CompactShape
  return {
    ...rest,
    members: mapSorted(members as Record<string, RawObject>, (at, value) => member(value, at)),
  } as unknown as CompactShape
}

function keep(where: string, raw: RawObject, keys: ReadonlySet<string>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(raw)) {
    if (keys.has(key)) kept[key] = value
    else if (!DROPPED_KEYS.has(key))
      throw new Error(
        `${where} has "${key}", which the generator neither keeps nor drops; decide in tools/models/compact.ts`,
      )
  }
  return kept
}

function reachable(
  operations: Readonly<Record<string, CompactOperation>>,
  shapes: Readonly<Record<string, RawObject>>,
): readonly string[] {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const shape = shapes[name]
    if (shape === undefined) throw new Error(`the model refers to the shape ${name}, which it does not have`)
    for (const at of ['member', 'key', 'value']) if (shape[at] !== undefined) visit((shape[at] as CompactMember).shape)
    for (const member of Object.values((shape['members'] ?? {}) as Record<string, CompactMember>)) visit(member.shape)
  }
  for (const { input, output, errors } of Object.values(operations)) {
    for (const name of [input, output, ...(errors ?? [])]) if (name !== undefined) visit(name)
  }
  return [...seen].sort()
}

function mapSorted<V, R>(
  entries: Readonly<Record<string, V>>,
  change: (name: string, value: V) => R,
): Record<string, R> {
  const names = Object.keys(entries).sort()
  return Object.fromEntries(names.map((name) => [name, change(name, entries[name] as V)]))
}
