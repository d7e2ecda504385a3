import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { engineCache } from './platform.ts'

/** boto3 and the AWS CLI of one release day, since both stand on the same botocore. */
const PACKAGES = ['awscli==1.46.2', 'boto3==1.44.2']
const ENVIRONMENT = join(engineCache(), `python-${PACKAGES.join('-').replaceAll('==', '-')}`)

/** Paths of programs in an environment of Python that has the pinned {@link PACKAGES}. */
export interface PythonEnvironment {
  readonly python: string
  /** AWS CLI v1. */
  readonly aws: string
}

/**
 * The environment, made on first use by `venv` and `pip` and kept for the next runs.
 * @throws Error when Python or the packages cannot be had; the text says which command failed and how.
 */
export function pythonEnvironment(): PythonEnvironment {
  const made = { python: join(ENVIRONMENT, 'bin', 'python'), aws: join(ENVIRONMENT, 'bin', 'aws') }
  // Written last: without it, an earlier run was cut off in the middle.
  const complete = join(ENVIRONMENT, 'complete')
  if (existsSync(complete)) return made
  rmSync(ENVIRONMENT, { recursive: true, force: true })
  mkdirSync(dirname(ENVIRONMENT), { recursive: true })
  run('python3', '-m', 'venv', ENVIRONMENT)
  run(made.python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES)
  writeFileSync(complete, '')
  return made
}

function run(command: string, ...args: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${done.error?.message ?? done.stderr}`)
}
