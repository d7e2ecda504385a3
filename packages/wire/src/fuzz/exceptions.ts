import fc from 'fast-check'
import type { Protocol, ServiceId } from '../request.ts'
import type { ValueRules } from './arbitrary.ts'

/** What is not compared, and why. Everything else must be equal. */
export interface Exceptions {
  readonly input: ValueRules
  readonly output: ValueRules
  /** Input members that the client adds by itself. */
  readonly added: RegExp
  /** Operations that only the client has: it is younger than the model, or the model leaves them out. */
  readonly onlyInClient: readonly string[] | 'many'
  /** Operations that only the model has. */
  readonly onlyInModel: readonly string[]
}

const anything: ValueRules = { empty: true, emptyLists: true, allowed: () => true, without: [], always: [], shapes: {} }
const NOTHING = /^$/
const none: Exceptions = { input: anything, output: anything, added: NOTHING, onlyInClient: [], onlyInModel: [] }

/** A form has no way to say "an empty structure" or "an empty map". */
const form: ValueRules = { ...anything, empty: false }
/** The client's XML parser drops text that is white space with a line break, escaped or not. */
const isKeptByXml = (text: string): boolean => !text.includes('\n') || text.trim() !== ''
const xml: ValueRules = { ...anything, allowed: isKeptByXml }

/** A flattened list without items is no element at all, and neither is an empty structure around one. */
const flat: ValueRules = { ...xml, empty: false, emptyLists: false }

const BY_PROTOCOL: Readonly<Partial<Record<Protocol, Pick<Exceptions, 'input' | 'output'>>>> = {
  'aws-query': { input: form, output: xml },
  // The client writes nothing for an empty list in EC2's forms.
  'ec2-query': { input: { ...form, emptyLists: false }, output: xml },
}

const BY_SERVICE: Readonly<Partial<Record<ServiceId, Partial<Exceptions>>>> = {
  mq: {
    // The pinned client is older than the model and lacks the members named.
    input: { ...anything, without: ['StorageSize', 'ResourceShareArns'] },
    output: { ...anything, without: ['StorageSize', 'PendingStorageSize', 'ResourceShareArns'] },
    onlyInModel: ['DescribeSharedResources'],
  },
  iam: { onlyInClient: ['AcquireRole', 'GetAccountProperties', 'GetRoleTemplateVersion', 'PutAccountProperties'] },
  cloudwatch: {
    onlyInClient: [
      'CreateResourceMetricsConfiguration',
      'DeleteResourceMetricsConfiguration',
      'GetResourceMetricsConfiguration',
      'UpdateOTelEnrichment',
      'UpdateResourceMetricsConfiguration',
    ],
  },
  kms: { onlyInClient: ['Decapsulate', 'Encapsulate'] },
  s3: {
    input: {
      ...flat,
      // Keys of customers are hashed by the client; another type in the client; a mode in which it checks sums of random answers.
      always: ['Body', 'AnnotationPayload'],
      without: ['SSECustomerKey', 'CopySourceSSECustomerKey', 'PartNumberMarker', 'ChecksumMode'],
      shapes: {
        // The client refuses others, and writes some of them into the host.
        BucketName: fc.stringMatching(/^[a-z][a-z0-9]{3,10}$/),
        ChecksumAlgorithm: fc.constantFrom('CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'),
        // An empty body is none.
        Policy: fc.stringMatching(/^\{[ -~]{0,12}\}$/),
        CopySource: fc.constantFrom('bucket/key', '/bucket/a%20key?versionId=v'),
      },
    },
    // Without them the client takes the answer for one that broke off, and a missing map of headers for an empty one.
    output: {
      ...flat,
      without: ['PartNumberMarker', 'NextPartNumberMarker'],
      always: ['Body', 'AnnotationPayload', 'CopyObjectResult', 'CopyPartResult', 'Metadata', 'Details', 'Payload'],
      shapes: { Policy: fc.stringMatching(/^\{[ -~]{0,12}\}$/) },
    },
    added: /^(?:Checksum.*|ContentMD5|ContentLength|ContentType)$/,
    // Directory buckets (S3 Express) and object lambdas are services of their own.
    onlyInClient: ['ListDirectoryBuckets', 'WriteGetObjectResponse'],
  },
  // With an endpoint id a call is signed for all regions at once (SigV4A), for which the client wants a package of its own.
  events: { input: { ...anything, without: ['EndpointId'] } },
  opensearch: { onlyInClient: 'many' },
  es: { onlyInClient: 'many' },
  ec2: {
    // The client looks for the items of one list under another name than the model has.
    output: { ...xml, without: ['InferenceAcceleratorInfo'] },
    onlyInClient: 'many',
  },
}

export const exceptionsOf = (service: ServiceId, protocol: Protocol): Exceptions => ({
  ...none,
  ...BY_PROTOCOL[protocol],
  ...BY_SERVICE[service],
})
