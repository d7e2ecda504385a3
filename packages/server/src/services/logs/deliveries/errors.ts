import { AwsError } from '#kernel/errors.ts'

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', 400, message)
const conflict = (message: string): AwsError => new AwsError('ConflictException', 400, message)
const validation = (message: string): AwsError => new AwsError('ValidationException', 400, message)

/** What the operations of vended log deliveries say no with. Texts without a comment are AWS's own. */
export const deliveryErrors = {
  sourceNotFound: (): AwsError => notFound('Requested Delivery Source does not exist in this account.'),
  destinationNotFound: (): AwsError => notFound('Requested Delivery Destination does not exist in this account.'),
  deliveryNotFound: (): AwsError => notFound('Requested Delivery does not exist in this account.'),
  /** Nothing of this service vends logs. */
  noVendor: (): AwsError => notFound('Cannot access provided service.'),
  busy: (): AwsError => conflict('Requested resource is currently being updated. Please try again later.'),
  tagsOfExisting: (): AwsError => conflict('Tags can only be provided when a resource is being created, not updated.'),
  otherResource: (): AwsError =>
    conflict(
      'Update to existing Delivery Source with new ResourceId is not allowed. Please create a new Delivery Source instead.',
    ),
  /** In the style of the others: AWS's words are not known. */
  otherLogType: (): AwsError =>
    conflict(
      'Update to existing Delivery Source with new LogType is not allowed. Please create a new Delivery Source instead.',
    ),
  resourceTaken: (): AwsError =>
    conflict('This ResourceId has already been used in another Delivery Source in this account.'),
  sameType: (): AwsError =>
    conflict('Delivery already exists for this Delivery Source with the same Delivery Destination Type.'),
  /** AWS refuses it too; its words are not known. */
  inUse: (what: 'Source' | 'Destination'): AwsError =>
    conflict(`Delivery ${what} cannot be deleted while Deliveries use it. Please delete its Deliveries first.`),
  invalidArn: (): AwsError => validation('Invalid ARN provided.'),
  sourceElsewhere: (): AwsError =>
    validation('Cross-region Delivery Source is not supported. Please use a different region.'),
  sourceOfOthers: (): AwsError => validation('Account id from identity does not match the resourceArn.'),
  noSuchLog: (): AwsError => validation('This service is not allowed for this LogSource.'),
  unsupportedSink: (): AwsError => validation('Delivery Destination Resource ARN is of unsupported service.'),
  sinkElsewhere: (what: 'Region' | 'Account id'): AwsError =>
    validation(`${what} from identity does not match the Destination Resource ARN.`),
  otherFormat: (): AwsError =>
    validation(
      'Update to existing Delivery Destination with new Output Format is not allowed. Please create a new Delivery Destination instead.',
    ),
  /** In the style of the others: AWS's words are not known. */
  otherType: (): AwsError =>
    validation(
      'Update to existing Delivery Destination with new Delivery Destination Type is not allowed. Please create a new Delivery Destination instead.',
    ),
  invalidPolicy: (): AwsError => validation('Invalid Delivery Destination resource Policy is provided.'),
  notADestination: (): AwsError =>
    validation('Action logs:CreateDelivery should have a valid resource ARN to authorize against.'),
  destinationElsewhere: (): AwsError =>
    validation('Cross-region Delivery Destination is not supported. Please use a different region.'),
  invalidToken: (): AwsError => validation('The specified nextToken is invalid.'),
  missing: (member: string): AwsError =>
    validation(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    ),
  /** In Sluice's words: AWS's are not known. */
  invalid: validation,
} as const
