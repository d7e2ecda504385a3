import type { Mutant, TestRun } from './mutant.ts'

const LOGS = 'packages/server/src/services/logs'
const DELIVERIES: TestRun = {
  project: 'unit',
  files: ['put-delivery-source', 'put-delivery-destination', 'create-delivery'].map(
    (name) => `${LOGS}/operations/${name}.test.ts`,
  ),
}
const ACCESS: TestRun = { project: 'unit', files: [`${LOGS}/actions.test.ts`] }

const mutant = (name: string, file: string, find: string, replace: string, tests: TestRun): Mutant => ({
  name: `deliveries: ${name}`,
  file: `${LOGS}/${file}`,
  find,
  replace,
  tests,
})

/** Delivery sources, destinations and what joins them. */
export const DELIVERY_MUTANTS: readonly Mutant[] = [
  mutant(
    'whatever has an ARN is a source',
    'operations/put-delivery-source.ts',
    'if (!vendedLogs.some((log) => log.service === service)) throw deliveryErrors.noVendor()',
    '',
    DELIVERIES,
  ),
  mutant(
    'a log is several sources',
    'deliveries/deliveries.ts',
    'if ((await this.#records.get(claim)) !== undefined) throw deliveryErrors.resourceTaken()',
    '',
    DELIVERIES,
  ),
  mutant(
    'a deleted source keeps its log',
    'deliveries/deliveries.ts',
    "{ kind: 'delete', key: claimKey(place, stored.value) },",
    '',
    DELIVERIES,
  ),
  mutant(
    'a source is deleted under its deliveries',
    'deliveries/deliveries.ts',
    "if (stored.value.deliveries.length > 0) throw deliveryErrors.inUse('Source')",
    '',
    DELIVERIES,
  ),
  mutant(
    'a destination is deleted under its deliveries',
    'operations/delete-delivery-destination.ts',
    "if (existing.deliveries > 0) throw deliveryErrors.inUse('Destination')",
    '',
    DELIVERIES,
  ),
  mutant(
    'a deleted delivery still counts',
    'deliveries/deliveries.ts',
    'deliveries: to.value.deliveries - 1',
    'deliveries: to.value.deliveries',
    DELIVERIES,
  ),
  mutant(
    'a source is joined twice to one type',
    'deliveries/deliveries.ts',
    'if (from.value.deliveries.some((other) => other.type === type)) throw deliveryErrors.sameType()',
    '',
    DELIVERIES,
  ),
  mutant(
    'the policy of a destination is passed over',
    'deliveries/deliveries.ts',
    'if (policy === undefined) return []',
    'if (policy !== null) return []',
    DELIVERIES,
  ),
  mutant(
    'a destination of another account needs no permission there',
    'access/delivery-checks.ts',
    "{ ...check('CreateDelivery', deliveryDestinationArn, context), ...owner },",
    '',
    DELIVERIES,
  ),
  mutant(
    'a resource becomes a source without its own permission',
    'access/delivery-checks.ts',
    '...[...new Set(actions)].map((action) => ({ action, resource: resourceArn })),',
    '',
    ACCESS,
  ),
]
