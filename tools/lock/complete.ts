/** An entry of package-lock.json, as far as it matters here. */
export interface LockEntry {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export type LockEntries = Readonly<Record<string, LockEntry>>

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'arm']
const FOLDER = 'node_modules/'

/** Names of optional dependencies that the lock file does not mention; `npm ci` refuses a lock file that lacks one. */
export const missingOptionals = (entries: LockEntries): readonly string[] =>
  Object.keys(additions(entries)).map((path) => path.slice(FOLDER.length))

/**
 * The entries with those of other platforms added. A registry that serves only this platform's packages makes npm leave
 * them out of the lock file; they are pinned by their parent's exact version, without a checksum that nobody here could know.
 */
export function completed(entries: LockEntries): LockEntries {
  const all = { ...entries, ...additions(entries) }
  return Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function additions(entries: LockEntries): LockEntries {
  const added: Record<string, LockEntry> = {}
  for (const [path, entry] of Object.entries(entries)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const key = `${FOLDER}${name}`
      if (key in entries || `${path}/${key}` in entries) continue
      added[key] = { version, ...platformOf(name), ...(entry.dev === true ? { dev: true } : {}), optional: true }
    }
  }
  return added
}

/** What the name of a platform package says: `@oxlint/binding-linux-x64-musl` → linux, x64, musl. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split('/').at(-1)?.split(/[-_]/) ?? []
  const os = SYSTEMS.filter((system) => words.includes(system))
  const cpu = PROCESSORS.filter((processor) => words.includes(processor))
  const isMusl = words.some((word) => word.startsWith('musl'))
  const libc =
    os[0] !== 'linux' ? [] : isMusl ? ['musl'] : words.some((word) => word.startsWith('gnu')) ? ['glibc'] : []
  return { ...(os.length > 0 ? { os } : {}), ...(cpu.length > 0 ? { cpu } : {}), ...(libc.length > 0 ? { libc } : {}) }
}
