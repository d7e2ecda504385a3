import { AwsError } from '#kernel/errors.ts'

type Members = Readonly<Record<string, unknown>>

/** S3's errors carry members that no model has, and some speak through headers. */
export class S3Error extends AwsError {
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: string,
    status: number,
    message: string,
    members: Members = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, status, message, members)
    this.headers = headers
  }
}

const bad = (code: string, message: string, members: Members = {}): S3Error => new S3Error(code, 400, message, members)
const missing = (code: string, message: string, members: Members = {}): S3Error =>
  new S3Error(code, 404, message, members)
const invalidArgument = (message: string, name: string, value: string): S3Error =>
  bad('InvalidArgument', message, { ArgumentName: name, ArgumentValue: value })

/** Everything S3 says no with. Texts without a comment are AWS's own, as its API reference and recorded answers have them. */
export const s3Errors = {
  bad,
  invalidArgument,
  invalidRequest: (message: string): S3Error => bad('InvalidRequest', message),
  malformedXml: (): S3Error =>
    bad('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema'),
  noSuchBucket: (BucketName: string): S3Error =>
    missing('NoSuchBucket', 'The specified bucket does not exist', { BucketName }),
  invalidBucketName: (BucketName: string): S3Error =>
    bad('InvalidBucketName', 'The specified bucket is not valid.', { BucketName }),
  bucketExists: (BucketName: string): S3Error =>
    new S3Error(
      'BucketAlreadyExists',
      409,
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { BucketName },
    ),
  bucketOwnedByYou: (BucketName: string): S3Error =>
    new S3Error(
      'BucketAlreadyOwnedByYou',
      409,
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName },
    ),
  bucketNotEmpty: (BucketName: string): S3Error =>
    new S3Error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName }),
  tooManyBuckets: (): S3Error => bad('TooManyBuckets', 'You have attempted to create more buckets than allowed'),
  illegalLocation: (constraint: string): S3Error =>
    bad(
      'IllegalLocationConstraintException',
      `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    ),
  wrongRegion: (given: string, Region: string): S3Error =>
    new S3Error(
      'AuthorizationHeaderMalformed',
      400,
      `The authorization header is malformed; the region '${given}' is wrong; expecting '${Region}'`,
      { Region },
      { 'x-amz-bucket-region': Region },
    ),
  notArchived: (StorageClass: string): S3Error =>
    new S3Error('InvalidObjectState', 403, "Restore is not allowed for the object's current storage class", {
      StorageClass,
    }),
  noSuchKey: (Key: string, headers: Readonly<Record<string, string>> = {}): S3Error =>
    new S3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key }, headers),
  noSuchVersion: (Key: string, VersionId: string): S3Error =>
    missing('NoSuchVersion', 'The specified version does not exist.', { Key, VersionId }),
  invalidVersionId: (value: string): S3Error => invalidArgument('Invalid version id specified', 'versionId', value),
  keyTooLong: (size: number, most: number): S3Error =>
    bad('KeyTooLongError', 'Your key is too long', { Size: String(size), MaxSizeAllowed: String(most) }),
  /** Sluice's words: such keys have no form in XML. */
  unusableKey: (): S3Error => bad('InvalidURI', "Couldn't parse the specified URI."),
  isDeleteMarker: (method: string, headers: Readonly<Record<string, string>>): S3Error =>
    new S3Error(
      'MethodNotAllowed',
      405,
      'The specified method is not allowed against this resource.',
      { Method: method, ResourceType: 'DeleteMarker' },
      { 'x-amz-delete-marker': 'true', allow: 'DELETE', ...headers },
    ),
  preconditionFailed: (Condition: string): S3Error =>
    new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
      Condition,
    }),
  notModified: (headers: Readonly<Record<string, string>>): S3Error =>
    new S3Error('NotModified', 304, 'Not Modified', {}, headers),
  conditionalConflict: (Key: string): S3Error =>
    new S3Error(
      'ConditionalRequestConflict',
      409,
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      { Key },
    ),
  invalidRange: (RangeRequested: string, size: number): S3Error =>
    new S3Error(
      'InvalidRange',
      416,
      'The requested range is not satisfiable',
      {
        RangeRequested,
        ActualObjectSize: String(size),
      },
      { 'content-range': `bytes */${String(size)}` },
    ),
  invalidPartNumber: (requested: number, count: number): S3Error =>
    new S3Error('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      PartNumberRequested: String(requested),
      ActualPartCount: String(count),
    }),
  noSuchUpload: (UploadId: string): S3Error =>
    missing(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { UploadId },
    ),
  invalidPart: (UploadId: string, part: number, ETag: string): S3Error =>
    bad(
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId, PartNumber: String(part), ETag },
    ),
  invalidPartOrder: (UploadId: string): S3Error =>
    bad(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
      { UploadId },
    ),
  entityTooSmall: (proposed: number, least: number, part: number, ETag: string): S3Error =>
    bad('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(proposed),
      MinSizeAllowed: String(least),
      PartNumber: String(part),
      ETag,
    }),
  entityTooLarge: (most: number): S3Error =>
    bad('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', { MaxSizeAllowed: String(most) }),
  metadataTooLarge: (size: number, most: number): S3Error =>
    bad('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(size),
      MaxSizeAllowed: String(most),
    }),
  invalidTag: (message: string): S3Error => bad('InvalidTag', message),
  aclsOff: (): S3Error => bad('AccessControlListNotSupported', 'The bucket does not allow ACLs'),
  accessDenied: (message = 'Access Denied'): S3Error => new S3Error('AccessDenied', 403, message),
  locked: (): S3Error => new S3Error('AccessDenied', 403, 'Access Denied because object protected by object lock.'),
  malformedPolicy: (message: string): S3Error => bad('MalformedPolicy', message),
  noPolicy: (BucketName: string): S3Error =>
    missing('NoSuchBucketPolicy', 'The bucket policy does not exist', { BucketName }),
  noObjectLock: (Key: string): S3Error =>
    missing('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration', { Key }),
  conflictingState: (message: string): S3Error => new S3Error('InvalidBucketState', 409, message),
  notConfigured: (code: string, message: string, BucketName: string): S3Error => missing(code, message, { BucketName }),
  operationAborted: (): S3Error =>
    new S3Error(
      'OperationAborted',
      409,
      'A conflicting conditional operation is currently in progress against this resource. Please try again.',
    ),
  /** What AWS has and this version has not. */
  notBuilt: (what: string): S3Error =>
    new S3Error('NotImplemented', 501, `${what} is not built in this version of Sluice, so it is not stored either.`),
} as const
