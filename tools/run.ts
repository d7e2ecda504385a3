import { spawn, spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const ROOT: string = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name)

/** The environment in which tools run: our Node first, our binaries next. */
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${dirname(process.execPath)}:${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
})

/** Runs one of the repository's own command-line tools to its end; its output goes to ours. Returns the exit code. */
export async function runTool(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(bin(name), args, { cwd: ROOT, stdio: 'inherit', env: { ...environment(), ...env } })
  return new Promise((resolve_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve_(code ?? 1))
  })
}

/** Runs a tool and keeps what it prints. */
export function captureTool(
  name: string,
  args: readonly string[],
  cwd: string = ROOT,
): { readonly code: number; readonly output: string } {
  const done = spawnSync(bin(name), args, { cwd, encoding: 'utf8', env: environment(), maxBuffer: 64 * 1024 * 1024 })
  if (done.error !== undefined) throw new Error(`could not run ${name}: ${done.error.message}`, { cause: done.error })
  return { code: done.status ?? 1, output: `${done.stdout}${done.stderr}` }
}

/** Files that git tracks, and new ones it does not ignore, relative to the root. */
export function trackedFiles(...patterns: readonly string[]): readonly string[] {
  const done = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
  if (done.status !== 0) throw new Error(`git ls-files failed: ${done.stderr}`)
  return [...new Set(done.stdout.split('\n'))].filter((file) => file !== '')
}
