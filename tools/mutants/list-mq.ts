import type { Mutant, TestRun } from './mutant.ts'

const MQ = 'packages/server/src/services/mq'
const ACTIVEMQ = 'packages/server/src/engines/activemq'
const unit = (...files: readonly string[]): TestRun => ({ project: 'unit', files })

/** Configurations, users, pending settings, maintenance and pairs of Amazon MQ. */
export const MQ_MUTANTS: readonly Mutant[] = [
  {
    name: 'configurations: any element may stand in a collection',
    file: `${MQ}/configuration/sanitise.ts`,
    find: 'if (elements.has(child.name)) return',
    replace: 'if (elements.size > 0) return',
    tests: unit(`${MQ}/configuration/sanitise.test.ts`),
  },
  {
    name: 'configurations: any collection may stand in an element',
    file: `${MQ}/configuration/sanitise.ts`,
    find: 'if (elements === undefined) {',
    replace: 'if (elements === undefined && children.length > 1_000) {',
    tests: unit(`${MQ}/configuration/sanitise.test.ts`),
  },
  {
    name: 'configurations: values may be expressions and references',
    file: `${MQ}/configuration/sanitise.ts`,
    find: '!REFERENCE.test(value) && ',
    replace: '',
    tests: unit(`${MQ}/configuration/sanitise.test.ts`),
  },
  {
    name: 'configurations: a broker may take all of its heap',
    file: `${MQ}/configuration/sanitise.ts`,
    find: '&& Number(value) <= MOST_PERCENT_OF_HEAP',
    replace: '',
    tests: unit(`${MQ}/configuration/sanitise.test.ts`),
  },
  {
    name: 'configurations: what Amazon MQ decides is decided by them',
    file: `${ACTIVEMQ}/render/broker-element.ts`,
    find: 'configuration.attributes.filter(({ name }) => !decided.has(name)), ...attributes]',
    replace: 'attributes.filter(({ name }) => name === ""), ...configuration.attributes]',
    tests: unit(`${ACTIVEMQ}/render/broker-element.test.ts`),
  },
  {
    name: 'configurations: nobody has to log in',
    file: `${ACTIVEMQ}/render/broker-element.ts`,
    find: "element('jaasAuthenticationPlugin', { configuration: 'activemq' }),",
    replace: '',
    tests: unit(`${ACTIVEMQ}/render/render.test.ts`, `${ACTIVEMQ}/render/broker-element.test.ts`),
  },
  {
    name: 'configurations: one that is in use is deleted',
    file: `${MQ}/operations/delete-configuration.ts`,
    find: 'if (user !== undefined) {',
    replace: 'if (user?.brokerId === "") {',
    tests: unit(`${MQ}/operations/configurations.test.ts`),
  },
  {
    name: 'configurations: their number of revisions has no end',
    file: `${MQ}/operations/update-configuration.ts`,
    find: 'latest.revision < MAX_REVISIONS',
    replace: 'latest.revision < Infinity',
    tests: unit(`${MQ}/operations/configurations.test.ts`),
  },
  {
    name: 'networks of brokers: the password stands in the file',
    file: `${ACTIVEMQ}/render/network-connectors.ts`,
    find: 'password: isKnown ? { variable: variableOf(index) } : undefined,',
    replace: 'password: isKnown ? users[0]?.password : undefined,',
    tests: unit(`${ACTIVEMQ}/render/broker-element.test.ts`),
  },
  {
    name: 'users: a new one is kept with the password as it came',
    file: `${MQ}/operations/create-user.ts`,
    find: 'sealer.seal(password, passwordContext(brokerId, username))',
    replace: 'password',
    tests: unit(`${MQ}/operations/users.test.ts`),
  },
  {
    name: 'users: a broker may have any number of them',
    file: `${MQ}/operations/create-user.ts`,
    find: 'checkUserCount(desired.users.length + 1)',
    replace: '',
    tests: unit(`${MQ}/operations/users.test.ts`),
  },
  {
    name: 'users: changes are taken in any state of the broker',
    file: `${MQ}/change-settings.ts`,
    find: 'if (!STEADY.includes(broker.state))',
    replace: 'if (broker.brokerName === "")',
    tests: unit(`${MQ}/operations/users.test.ts`),
  },
  {
    name: 'reboot: a broker that refuses its pending settings stays down',
    file: `${MQ}/reconciler/reboot-step.ts`,
    find: 'const last = record.applied',
    replace: 'const last = record.state === "RUNNING" ? record.applied : undefined',
    tests: unit(`${MQ}/reconciler/settings.test.ts`, `${MQ}/reconciler/lifecycle.test.ts`),
  },
  {
    name: 'maintenance: reboots brokers for whom nothing is pending',
    file: `${MQ}/reconciler/maintenance.ts`,
    find: ' || !hasPendingChanges(record)',
    replace: '',
    tests: unit(`${MQ}/reconciler/maintenance.test.ts`),
  },
  {
    name: 'maintenance: tries again and again what failed in its window',
    file: `${MQ}/reconciler/maintenance.ts`,
    find: '!wasTried && ',
    replace: '',
    tests: unit(`${MQ}/reconciler/maintenance.test.ts`),
  },
  {
    name: 'maintenance: applies at once what is asked for while the window is open',
    file: `${MQ}/reconciler/maintenance.ts`,
    find: ' && (record.desiredSince ?? record.created) < start',
    replace: '',
    tests: unit(`${MQ}/reconciler/maintenance.test.ts`),
  },
  {
    name: 'pairs: the instance that still serves is started again with the other one',
    file: `${MQ}/reconciler/bring-up.ts`,
    find: 'for (const number of ctx.processes.missing(numbers))',
    replace: 'for (const number of numbers)',
    tests: unit(`${MQ}/reconciler/pair.test.ts`),
  },
  {
    name: 'pairs: a store that a stranger holds counts as a standby',
    file: `${ACTIVEMQ}/readiness.ts`,
    find: 'STORE_IN_USE.test(text) && mayStandBy',
    replace: 'STORE_IN_USE.test(text)',
    tests: unit(`${ACTIVEMQ}/readiness.test.ts`),
  },
  {
    name: 'tags: a right id behind a foreign ARN finds a configuration',
    file: `${MQ}/tagged-resource.ts`,
    find: 'configuration?.arn !== arn',
    replace: 'configuration === undefined',
    tests: unit(`${MQ}/operations`),
  },
  {
    name: 'metrics: counts since the start are published as those of a minute',
    file: `${MQ}/metrics/metric-points.ts`,
    find: 'count >= earlier ? count - earlier : count',
    replace: 'count >= earlier ? count : count',
    tests: unit(`${MQ}/metrics/metric-points.test.ts`),
  },
]
