import { AwsError } from '#kernel/errors.ts'

const modelled = (code: string, status: number, message: string, attribute?: string): AwsError =>
  new AwsError(code, status, message, attribute === undefined ? {} : { ErrorAttribute: attribute })

/** Everything that Amazon MQ may say when it refuses; `errorAttribute` names the member at fault by its wire name. */
export const mqErrors = {
  badRequest: (message: string, attribute?: string): AwsError =>
    modelled('BadRequestException', 400, message, attribute),

  forbidden: (message: string, attribute: string): AwsError => modelled('ForbiddenException', 403, message, attribute),

  conflict: (message: string, attribute: string): AwsError => modelled('ConflictException', 409, message, attribute),

  brokerNotFound: (broker: string): AwsError =>
    modelled(
      'NotFoundException',
      404,
      `Can't find requested broker [${broker}]. Make sure your broker exists.`,
      'broker-id',
    ),

  userNotFound: (username: string): AwsError =>
    modelled(
      'NotFoundException',
      404,
      `Can't find requested user [${username}]. Make sure your user exists.`,
      'username',
    ),

  configurationNotFound: (id: string): AwsError =>
    modelled(
      'NotFoundException',
      404,
      `Can't find requested configuration [${id}]. Make sure your configuration exists.`,
      'configuration_id',
    ),

  revisionNotFound: (id: string, revision: string): AwsError =>
    modelled(
      'NotFoundException',
      404,
      `Can't find requested revision [${revision}] of configuration [${id}]. Make sure your revision exists.`,
      'configuration_revision',
    ),

  resourceNotFound: (arn: string): AwsError =>
    modelled(
      'NotFoundException',
      404,
      `Can't find requested resource [${arn}]. Make sure your resource exists.`,
      'resource-arn',
    ),

  /** @param change what cannot be done now, e.g. `deleted` */
  wrongState: (brokerName: string, change: string, state: string): AwsError =>
    modelled(
      'BadRequestException',
      400,
      `Broker [${brokerName}] can't be ${change} while in state [${state}]`,
      'broker-id',
    ),

  keyUnusable: (brokerName: string, change: string, reason: string): AwsError =>
    modelled('BadRequestException', 400, `Broker [${brokerName}] can't be ${change}. ${reason}`, 'broker-id'),

  /** @source Amazon MQ guide: later users of RabbitMQ are made in RabbitMQ itself */
  rabbitmqUsers: (): AwsError =>
    modelled(
      'BadRequestException',
      400,
      'Users of a RabbitMQ broker are managed in RabbitMQ itself: use its console or its management API.',
      'broker-id',
    ),

  /** Where a directory knows the users, changing the broker's own would change nothing. */
  ldapUsers: (): AwsError =>
    modelled(
      'BadRequestException',
      400,
      'Users of a broker with authentication strategy [LDAP] are managed in its LDAP server.',
      'broker-id',
    ),

  /** A member of the model that this version does not act on: refused, so that nobody believes it took effect. */
  notBuilt: (attribute: string, advice: string): AwsError =>
    modelled(
      'BadRequestException',
      400,
      `[${attribute}] is not supported by this version of Sluice. ${advice}`,
      attribute,
    ),
} as const
