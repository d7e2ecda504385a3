import { evaluate } from '#engines/rabbitmq/evaluate.ts'
import type { RabbitmqNode } from '#engines/rabbitmq/node.ts'
import type { Runtime } from '#supervisor/runtime.ts'

/** A node closes its queues within seconds. */
const STOP_GRACE_MILLIS = 30_000

/**
 * Takes the console's statistics away, as RabbitMQ does itself when the console is disabled. Left to the end of the node,
 * they ask a process that has ended already, and wait five seconds for its answer.
 * @source RabbitMQ 3.10, `rabbit_mgmt_db_handler`: the clean-up of its boot step
 */
const WITHOUT_STATISTICS = 'gen_event:delete_handler(rabbit_event, rabbit_mgmt_db_handler, [])'

/** Stops a node in order, or ends it after a grace. */
export async function stopRabbitmq(runtime: Runtime, node: RabbitmqNode): Promise<void> {
  const { base } = node.layout
  // One that has to be asked in another way takes longer to stop, and nothing else.
  if ((await runtime.adopt(base)) !== undefined) await evaluate(node, WITHOUT_STATISTICS).catch(() => undefined)
  await runtime.stop(base, STOP_GRACE_MILLIS)
}
