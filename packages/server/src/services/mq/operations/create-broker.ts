import { createHash } from 'node:crypto'
import type { CallContext, Handler, OperationInput, OperationOutput } from '#kernel/call.ts'
import { newUuid } from '#kernel/ids.ts'
import { ensureServiceLinkedRole } from '#services/mq/service-linked-role.ts'
import { RevisionConflict } from '#stores/records/record-store.ts'
import {
  type BrokerRecord,
  type ConfigurationRef,
  RECORD_FORMAT,
  brokerArn,
  engineTypeOf,
  passwordContext,
} from '#services/mq/broker-record.ts'
import type { BrokerKeys } from '#services/mq/broker-keys.ts'
import type { BrokerStore, CreateRequest } from '#services/mq/broker-store.ts'
import { type ConfigurationRecord, newConfiguration } from '#services/mq/configuration/configuration-record.ts'
import type { ConfigurationStore } from '#services/mq/configuration/configuration-store.ts'
import { DEFAULT_CONFIGURATION } from '#services/mq/configuration/default-configuration.ts'
import { mqErrors } from '#services/mq/errors.ts'
import { MAX_BROKERS_PER_REGION } from '#services/mq/limits.ts'
import { deliveryPlan } from '#services/mq/log-delivery.ts'
import { createLogGroups, withAttempts } from '#services/mq/log-groups.ts'
import { type NewBroker, parseNewBroker } from '#services/mq/rules/new-broker.ts'
import type { EngineCatalogue } from '#services/mq/rules/engine.ts'
import { defaultMaintenanceWindow } from '#services/mq/rules/maintenance-window.ts'
import { strategyOf } from '#services/mq/rules/authentication.ts'
import { chooseConfiguration } from '#services/mq/rules/configuration.ts'
import { storedLdap } from '#services/mq/stored-ldap.ts'
import { type OneByOne, regionOf } from '#kernel/one-by-one.ts'

type Input = OperationInput<'mq', 'CreateBroker'>
type Output = OperationOutput<'mq', 'CreateBroker'>

interface CreateBrokerDeps {
  readonly store: BrokerStore
  readonly configurations: ConfigurationStore
  readonly keys: BrokerKeys
  readonly catalogue: EngineCatalogue
  readonly oneByOne: OneByOne
}

/**
 * Commits what is to be; the reconciler makes it so. Creations of one account and region happen one after the other, so
 * that a name that loses leaves no log groups behind.
 */
export const createBroker =
  (deps: CreateBrokerDeps): Handler<Input, Output> =>
  async (input, ctx) => {
    const wanted = parseNewBroker(input, deps.catalogue)
    const request = createRequestOf(input)
    return deps.oneByOne.run(regionOf(ctx), async () => {
      const earlier = request && (await deps.store.createRequest(ctx, request.id))
      if (earlier !== undefined) return repeated(earlier, request?.fingerprint ?? '', wanted.brokerName, ctx)
      await checkRoom(deps.store, wanted.brokerName, ctx)
      const brokerId = `b-${newUuid()}`
      const isRabbit = engineTypeOf(wanted) === 'RabbitMQ'
      if (isRabbit) await ensureServiceLinkedRole({ ...scopeOf(ctx), brokerId, brokerName: wanted.brokerName }, ctx)
      // Configurations of RabbitMQ are of another language, which is not built.
      const configuration = isRabbit
        ? undefined
        : await configurationFor(brokerId, wanted, input.Configuration, ctx, deps.configurations)
      const record = await prepare(brokerId, wanted, configuration?.ref, request?.id, ctx, deps.keys)
      await commit(deps, record, request, configuration?.made)
      return { BrokerId: record.brokerId, BrokerArn: record.brokerArn }
    })
  }

// The same request again, for instance because its first answer was lost, means the same broker.
function repeated(
  { brokerId, fingerprint }: CreateRequest,
  wanted: string,
  brokerName: string,
  ctx: CallContext,
): Output {
  if (fingerprint === wanted)
    return { BrokerId: brokerId, BrokerArn: brokerArn({ ...scopeOf(ctx), brokerId }, brokerName) }
  throw mqErrors.conflict(
    'The creator request ID was used before with other parameters. Use a new ID for a new broker.',
    'creatorRequestId',
  )
}

const scopeOf = ({ account, region }: CallContext): Pick<CallContext, 'account' | 'region'> => ({ account, region })

async function checkRoom(store: BrokerStore, brokerName: string, ctx: CallContext): Promise<void> {
  if ((await store.find(ctx, brokerName)) !== undefined) throw nameTaken(brokerName)
  const brokers = await store.list(ctx, { limit: MAX_BROKERS_PER_REGION })
  if (brokers.length >= MAX_BROKERS_PER_REGION) {
    throw mqErrors.badRequest(
      `You have reached the limit of ${String(MAX_BROKERS_PER_REGION)} brokers in this Region. Delete a broker you no longer need.`,
    )
  }
}

const nameTaken = (brokerName: string): Error =>
  mqErrors.conflict(`A broker with the name [${brokerName}] already exists. Use a different name.`, 'brokerName')

/** The configuration that was asked for, or one that is made together with the broker, as AWS does. */
async function configurationFor(
  brokerId: string,
  wanted: NewBroker,
  asked: Input['Configuration'],
  ctx: CallContext,
  configurations: ConfigurationStore,
): Promise<{ readonly ref: ConfigurationRef; readonly made?: ConfigurationRecord }> {
  const { brokerName, engineVersion } = wanted
  const strategy = strategyOf(wanted)
  if (asked !== undefined) return { ref: await chooseConfiguration(asked, ctx, configurations, strategy) }
  const usual = `${brokerName}-configuration`
  // The configuration of a deleted broker stays, and with it its name.
  const isTaken = await configurations.isNameTaken(ctx, usual)
  const made = newConfiguration(
    { ...scopeOf(ctx), configurationId: `c-${newUuid()}` },
    {
      name: isTaken ? `${usual}-${brokerId.slice(2)}` : usual,
      engineVersion: engineVersion.requested,
      strategy,
      tags: {},
      now: ctx.now,
    },
  )
  return { ref: { id: made.configurationId, revision: made.latest.revision }, made }
}

async function prepare(
  brokerId: string,
  wanted: NewBroker,
  configuration: ConfigurationRef | undefined,
  createRequest: string | undefined,
  ctx: CallContext,
  keys: BrokerKeys,
): Promise<BrokerRecord> {
  const { users, ldap, engineVersion, hostInstanceType, logs, maintenanceWindow, ...rest } = wanted
  const ref = { ...scopeOf(ctx), brokerId }
  const arn = brokerArn(ref, wanted.brokerName)
  const encryptionKey = await keys.take(ctx, { brokerArn: arn, encryptionOptions: wanted.encryptionOptions })
  const owner = { ...ref, brokerArn: arn, ...(encryptionKey === undefined ? {} : { encryptionKey }) }
  const sealer = await keys.sealer(owner)
  const desired = {
    engineVersion,
    hostInstanceType,
    logs,
    ...(configuration === undefined ? {} : { configuration }),
    users: users.map(({ password, ...user }) => ({
      ...user,
      sealedPassword: sealer.seal(password, passwordContext(brokerId, user.username)),
    })),
    ...(ldap === undefined ? {} : { ldap: storedLdap(ldap, brokerId, sealer) }),
  }
  const logGroups = withAttempts({}, await createLogGroups(ctx, brokerId, logs, 'CreateBroker'))
  return {
    ...owner,
    ...rest,
    format: RECORD_FORMAT,
    created: ctx.now,
    ...(createRequest === undefined ? {} : { createRequest }),
    state: 'CREATION_IN_PROGRESS',
    stateSince: ctx.now,
    maintenanceWindow: maintenanceWindow ?? defaultMaintenanceWindow(brokerId),
    desired,
    logGroups,
    delivering: deliveryPlan(desired, logGroups),
    instances: [],
  }
}

async function commit(
  { store, configurations, keys }: CreateBrokerDeps,
  record: BrokerRecord,
  request: { readonly id: string; readonly fingerprint: string } | undefined,
  made: ConfigurationRecord | undefined,
): Promise<void> {
  try {
    await store.create(record, {
      request: request && { id: request.id, value: { brokerId: record.brokerId, fingerprint: request.fingerprint } },
      more: made === undefined ? [] : configurations.creation(made, DEFAULT_CONFIGURATION),
    })
  } catch (error) {
    await keys.giveBack(record)
    if (error instanceof RevisionConflict) throw nameTaken(record.brokerName)
    throw error
  }
}

// A hash, so that any text is a short record id; passwords are left out of the fingerprint, which is stored.
function createRequestOf(input: Input): { readonly id: string; readonly fingerprint: string } | undefined {
  const { CreatorRequestId: id, Users: users, LdapServerMetadata: metadata, ...rest } = input
  if (id === undefined || id === '') return undefined
  const names = (users ?? []).map(({ Password: _secret, ...user }) => user)
  const { ServiceAccountPassword: _secret, ...directory } = metadata ?? {}
  const ldap = metadata === undefined ? {} : { directory }
  return { id: sha256(id), fingerprint: sha256(canonical({ ...rest, names, ...ldap })) }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** JSON with sorted members: equal inputs, equal texts. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
