import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelSource } from './services.ts'

/** A JSON object of a model file as botocore ships it. */
export type RawObject = Readonly<Record<string, unknown>>

/** Prints `{name: model}` for the wheel and the `name=path` pairs it is given; a wheel is a zip of gzipped models. */
const READ_WHEEL = `
import gzip, json, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
pairs = (pair.split('=', 1) for pair in sys.argv[2:])
json.dump({name: json.loads(gzip.decompress(wheel.read(path))) for name, path in pairs}, sys.stdout)
`
const OUTPUT_LIMIT_BYTES = 256 * 1024 * 1024

/**
 * Fetches the pinned botocore wheel by its package name and reads the models of `sources` out of it.
 * @throws Error when Python or the package cannot be had; the text says which command failed and how.
 */
export function readBotocoreModels(version: string, sources: readonly ModelSource[]): ReadonlyMap<string, RawObject> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-models-'))
  try {
    python([
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--dest',
      directory,
      `botocore==${version}`,
    ])
    const wheel = readdirSync(directory).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) throw new Error(`pip downloaded no wheel of botocore ${version}`)
    const paths = sources.map(
      ({ id, folder, version: api }) => `${id}=botocore/data/${folder}/${api}/service-2.json.gz`,
    )
    const models = JSON.parse(python(['-c', READ_WHEEL, join(directory, wheel), ...paths])) as Record<string, RawObject>
    return new Map(Object.entries(models))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function python(args: readonly string[]): string {
  const done = spawnSync('python3', args, { encoding: 'utf8', maxBuffer: OUTPUT_LIMIT_BYTES })
  if (done.error !== undefined) {
    throw new Error('could not run python3, which fetches and unpacks the models; install it with pip', {
      cause: done.error,
    })
  }
  if (done.status !== 0) throw new Error(`python3 ${args.slice(0, 3).join(' ')} … failed: ${done.stderr.trim()}`)
  return done.stdout
}
