import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Which process a directory belongs to. A pid alone is reused; together with its start time it is not. */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque: equal for the same process, and for it alone. */
  readonly started: string
}

/**
 * Shell that writes the identity of its own process to `$0` and then becomes the command. Pid and start time stay the
 * same through `exec`, so the identity is on disk before the command's first instruction: however the platform dies,
 * no process is ever running without one.
 */
export const IDENTIFY_AND_EXEC: string =
  process.platform === 'linux'
    ? 'umask 077; IFS= read -r boot </proc/sys/kernel/random/boot_id && IFS= read -r stat </proc/$$/stat && printf "%s\\n%s\\n" "$boot" "$stat" >"$0.new" && mv "$0.new" "$0" && exec "$@"'
    : 'umask 077; printf "%s\\n%s\\n" "$$" "$(LC_ALL=C ps -o lstart= -p $$)" >"$0.new" && mv "$0.new" "$0" && exec "$@"'

/** Reads what {@link IDENTIFY_AND_EXEC} wrote; undefined when there is none. */
export async function readIdentity(file: string): Promise<ProcessIdentity | undefined> {
  const text = await readText(file)
  if (text === undefined) return undefined
  const [first = '', second = ''] = text.split('\n')
  if (process.platform !== 'linux') return identity(Number(first), second.trim())
  const stat = parseStat(second)
  return stat && identity(stat.pid, `${first}/${stat.startTime}`)
}

/** Whether that very process still runs: same pid, same start, same boot, and not a zombie. */
export async function isRunning(wanted: ProcessIdentity): Promise<boolean> {
  const started = process.platform === 'linux' ? await startedOnLinux(wanted.pid) : await startedByPs(wanted.pid)
  return started === wanted.started
}

/** Fields of `/proc/<pid>/stat`. The second one is a name in parentheses that may itself hold anything. */
export function parseStat(line: string): { readonly pid: number; readonly state: string; readonly startTime: string } | undefined {
  const pid = Number.parseInt(line, 10)
  const [state, ...rest] = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const startTime = rest[18]
  return pid > 0 && state !== undefined && startTime !== undefined && /^\d+$/.test(startTime) ? { pid, state, startTime } : undefined
}

async function startedOnLinux(pid: number): Promise<string | undefined> {
  const [boot, line] = await Promise.all([readText('/proc/sys/kernel/random/boot_id'), readText(`/proc/${String(pid)}/stat`)])
  const stat = line === undefined ? undefined : parseStat(line)
  if (boot === undefined || stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined
  return `${boot.trim()}/${stat.startTime}`
}

async function startedByPs(pid: number): Promise<string | undefined> {
  try {
    const args = ['-o', 'state=,lstart=', '-p', String(pid)]
    const { stdout } = await promisify(execFile)('ps', args, { env: { PATH: process.env['PATH'], LC_ALL: 'C' } })
    const [state = 'Z', ...lstart] = stdout.trim().split(/\s+/)
    return state.startsWith('Z') ? undefined : lstart.join(' ')
  } catch {
    return undefined
  }
}

function identity(pid: number, started: string): ProcessIdentity | undefined {
  return Number.isSafeInteger(pid) && pid > 1 && started !== '' ? { pid, started: started.replaceAll(/\s+/g, ' ') } : undefined
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return undefined
  }
}
