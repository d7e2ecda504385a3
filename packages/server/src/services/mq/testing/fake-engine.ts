import type { BrokerEngine, RunningBroker } from '#engines/broker-engine.ts'
import type { World } from '#services/mq/testing/world.ts'

/** For tests: brokers of a {@link World} instead of real processes. */
export function fakeEngine(world: World): BrokerEngine {
  const running = (brokerId: string): RunningBroker | undefined => {
    const broker = world.processes.get(brokerId)
    return broker && { pid: broker.pid, address: world.address(brokerId), exited: broker.exited }
  }

  return {
    async ensureInstalled(version, progress) {
      progress?.({ what: `downloading ActiveMQ ${version}`, doneBytes: 25, totalBytes: 50 })
      const trouble = world.troubles.installs.shift()
      if (trouble !== undefined) throw new Error(trouble)
      world.installed.add(version)
    },
    async reserveAddress(brokerId) {
      return world.address(brokerId)
    },
    async start(spec) {
      world.end(spec.brokerId, { code: null, signal: 'SIGKILL', lastOutput: '' })
      const trouble = world.troubles.starts.shift()?.(spec)
      if (trouble !== undefined) throw new Error(trouble)
      world.launch(spec)
      const started = running(spec.brokerId)
      if (started === undefined) throw new Error('the fake broker vanished')
      return started
    },
    async adopt(brokerId) {
      return running(brokerId)
    },
    async stop(brokerId) {
      world.end(brokerId, { code: 0, signal: null, lastOutput: '' }, 'shutdown')
    },
    async remove(brokerId) {
      world.end(brokerId, { code: 0, signal: null, lastOutput: '' }, 'shutdown')
      for (const log of ['general', 'audit']) world.files.delete(`mq/${brokerId}/1/${log}`)
      world.removed.push(brokerId)
    },
    logFiles: (brokerId, instance, log) => ({ directory: `/brokers/${brokerId}/${String(instance)}`, prefix: log }),
  }
}
