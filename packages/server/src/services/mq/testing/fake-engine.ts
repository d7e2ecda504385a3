import type { BrokerEngine, RunningBroker } from '#engines/broker-engine.ts'
import { type World, instanceKey } from '#services/mq/testing/world.ts'

/** For tests: brokers of a {@link World} instead of real processes. */
export function fakeEngine(world: World): BrokerEngine {
  const running = (brokerId: string, instance: number): RunningBroker | undefined => {
    const process = instanceKey(brokerId, instance)
    const broker = world.processes.get(process)
    return broker && { pid: broker.pid, address: world.address(process), exited: broker.exited }
  }

  return {
    async ensureInstalled({ engineVersion: version }, progress) {
      progress?.({ what: `downloading ActiveMQ ${version}`, doneBytes: 25, totalBytes: 50 })
      const trouble = world.troubles.installs.shift()
      if (trouble !== undefined) throw new Error(trouble)
      world.installed.add(version)
    },
    async checkLdap({ hosts, serviceAccountPassword }) {
      world.askedOfLdap.push(`${serviceAccountPassword}@${hosts.join(',')}`)
      return world.ldapFault
    },
    async reserveAddress(brokerId, instance) {
      return world.address(instanceKey(brokerId, instance))
    },
    async start(spec) {
      world.end(instanceKey(spec.brokerId, spec.instance), { code: null, signal: 'SIGKILL', lastOutput: '' })
      const trouble = world.troubles.starts.shift()?.(spec)
      if (trouble !== undefined) throw new Error(trouble)
      world.launch(spec)
      const started = running(spec.brokerId, spec.instance)
      if (started === undefined) throw new Error('the fake broker vanished')
      return started
    },
    async adopt(brokerId, instance) {
      return running(brokerId, instance)
    },
    async stop(brokerId, instance) {
      world.end(instanceKey(brokerId, instance), { code: 0, signal: null, lastOutput: '' }, 'shutdown')
    },
    async remove(brokerId) {
      for (const instance of [1, 2, 3]) {
        world.end(instanceKey(brokerId, instance), { code: 0, signal: null, lastOutput: '' }, 'shutdown')
        for (const log of ['general', 'audit', 'security', 'flow'])
          world.files.delete(`mq/${brokerId}/${String(instance)}/${log}`)
      }
      world.removed.push(brokerId)
    },
    async readMetrics(brokerId, instance) {
      return world.readings.get(instanceKey(brokerId, instance))
    },
    isCertificateDue: async (brokerId, instance) => world.dueCertificates.has(instanceKey(brokerId, instance)),
    logFiles: (brokerId, instance, log) => ({ directory: `/brokers/${brokerId}/${String(instance)}`, prefix: log }),
  }
}
