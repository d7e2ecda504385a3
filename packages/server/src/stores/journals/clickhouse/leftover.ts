import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { identifyProcess, isRunning, type ProcessIdentity, signalProcess } from '#kernel/process-identity.ts'

const POLL_MILLIS = 20

/** Notes this process as the owner of the directory. */
export function writeOwner(file: string): void {
  writeFileSync(file, JSON.stringify(identifyProcess(process.pid)), { mode: 0o600 })
}

/** The owner that {@link writeOwner} noted; anything unreadable counts as none. */
export function readOwner(file: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value)) return undefined
    const { pid, startTime } = value
    return typeof pid === 'number' && typeof startTime === 'string' ? { pid, startTime } : undefined
  } catch {
    return undefined
  }
}

/**
 * Kills an owner that an earlier run left behind, if it is still exactly that process, and waits until it is gone.
 * @returns whether there was one
 * @throws Error when it is still there after `timeoutMillis`
 */
export async function endLeftover(owner: ProcessIdentity, timeoutMillis: number): Promise<boolean> {
  if (!signalProcess(owner, 'SIGKILL')) return false
  for (let waited = 0; isRunning(owner); waited += POLL_MILLIS) {
    if (waited >= timeoutMillis) throw new Error(`process ${String(owner.pid)} does not end although it was killed`)
    await sleep(POLL_MILLIS)
  }
  return true
}
