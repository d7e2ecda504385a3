import { dirname, join, normalize } from 'node:path'
import { type SourceFile, type SourceFiles, sourceFiles } from './source-files.ts'

/** An import of ours: from where, and the names. */
interface Import {
  readonly from: SourceFile
  /** Path of the imported file, relative to the root. */
  readonly file: string
  readonly names: readonly string[]
}

const ALIASES: readonly (readonly [string, string])[] = [
  ['#cli/', 'packages/cli/src/'],
  ['#', 'packages/server/src/'],
]

/**
 * The room a file belongs to: its package, and in the server its layer, service, store or engine. Files of one room are
 * read together; what leaves a room must say what it is.
 */
const roomOf = (path: string): string =>
  /^packages\/server\/src\/(?:services|stores|engines)\/[^/]+|^packages\/server\/src\/[^/]+|^packages\/[^/]+|^[^/]+/.exec(
    path,
  )?.[0] ?? path

/** Everything that another room uses has a doc comment: shapes, units, errors, source. */
export function checkDocComments({ source }: Pick<SourceFiles, 'source'> = sourceFiles()): readonly string[] {
  const files = new Map(source.map((file) => [file.path, file]))
  const faults = new Set<string>()
  for (const { from, file, names } of source.flatMap(importsOf)) {
    const target = files.get(file)
    if (target === undefined || roomOf(target.path) === roomOf(from.path)) continue
    for (const name of names)
      if (isBare(target.text, name))
        faults.add(`${target.path}: ${name} is used by ${roomOf(from.path)} and has no doc comment`)
  }
  return [...faults]
}

function importsOf(from: SourceFile): readonly Import[] {
  return [...from.text.matchAll(/^import (?:type )?\{([^}]*)\} from '([^']+)'/gm)].flatMap(
    ([, list = '', specifier = '']) => {
      const file = resolveImport(from.path, specifier)
      if (file === undefined) return []
      const names = list
        .split(',')
        .map((entry) =>
          entry
            .trim()
            .replace(/^type /, '')
            .replace(/ as .*$/, ''),
        )
        .filter((name) => name !== '')
      return [{ from, file, names }]
    },
  )
}

function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier))
  const alias = ALIASES.find(([prefix]) => specifier.startsWith(prefix))
  return alias === undefined ? undefined : alias[1] + specifier.slice(alias[0].length)
}

/** Whether the file declares the export without a doc comment right before it. Re-exports are judged where they are declared. */
function isBare(text: string, name: string): boolean {
  const declaration = new RegExp(
    `^export (?:async )?(?:const|let|function\\*?|class|interface|type|abstract class) ${name.replaceAll('$', String.raw`\$`)}\\b`,
    'm',
  ).exec(text)
  return declaration !== null && !/\*\/\s*$/.test(text.slice(0, declaration.index))
}
