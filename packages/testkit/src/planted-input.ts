import type { ServiceId } from '@sluice/wire'
import { loadModel } from '../../wire/src/model/load.ts'
import { type Model, shapeOf } from '../../wire/src/model/model.ts'

/** A value of an operation's input or output in which everything secret is the same text. */
export interface Planted {
  readonly value: Readonly<Record<string, unknown>>
  /** Paths at which it stands, by the names of the model. */
  readonly paths: readonly string[]
}

interface Planting {
  readonly model: Model
  readonly secret: string
  /** Names of members that are secret beside those that the model calls so, in lower case. */
  readonly names: ReadonlySet<string>
  /** Members of the model that are no secret, whatever it calls them. */
  readonly shown: ReadonlySet<string>
  readonly paths: string[]
}

/** Fills every member; what the model calls sensitive, or `names` lists by a name of the model or the wire, with `secret`. */
export function planted(
  service: ServiceId,
  operation: string,
  side: 'input' | 'output',
  secret: string,
  names: readonly string[],
  shown: ReadonlySet<string> = new Set(),
): Planted {
  const model = loadModel(service)
  const shape = model.operations[operation]?.[side]
  const planting = { model, secret, shown, names: new Set(names.map((name) => name.toLowerCase())), paths: [] }
  const value = shape === undefined ? {} : (valueOf(shape, false, '', [], planting) as Record<string, unknown>)
  return { value, paths: planting.paths }
}

function valueOf(
  name: string,
  inherited: boolean,
  path: string,
  above: readonly string[],
  planting: Planting,
): unknown {
  const shape = shapeOf(planting.model, name)
  const isShown = planting.shown.has(path.split('.').at(-1) ?? '')
  const isSecret = !isShown && (inherited || ('sensitive' in shape && shape.sensitive === true))
  switch (shape.type) {
    case 'structure': {
      if (above.includes(name)) return undefined
      const members = Object.entries(shape.members).map(([member, { shape: of, ...wire }]) => {
        const wireName = 'locationName' in wire ? wire.locationName : member
        const named = [member, wireName].some((each) => planting.names.has(each.toLowerCase()))
        const inner = valueOf(
          of,
          isSecret || named,
          path === '' ? member : `${path}.${member}`,
          [...above, name],
          planting,
        )
        return [member, inner]
      })
      return Object.fromEntries(members.filter(([, inner]) => inner !== undefined)) as object
    }
    case 'list': {
      const item = valueOf(shape.member.shape, isSecret, path, above, planting)
      return item === undefined ? [] : [item]
    }
    case 'map': {
      const item = valueOf(shape.value.shape, isSecret, path, above, planting)
      return item === undefined ? {} : { key: item }
    }
    case 'string':
      if (!isSecret) return shape.enum?.[0] ?? 'plain-value'
      planting.paths.push(path)
      return planting.secret
    case 'blob':
      if (!isSecret) return Buffer.from('plain-value')
      planting.paths.push(path)
      return Buffer.from(planting.secret)
    case 'boolean':
      return false
    default:
      return 1
  }
}

/** Texts of a real answer at these paths, in every form in which they could be written down. */
export function textsAt(value: unknown, paths: readonly string[]): readonly string[] {
  return paths
    .flatMap((path) => at(value, path.split('.')))
    .flatMap((found) => {
      if (found instanceof Uint8Array)
        return [Buffer.from(found).toString('base64'), Buffer.from(found).toString('utf8')]
      return typeof found === 'string' ? [found] : []
    })
}

function at(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item) =>
      at(
        item,
        [name ?? '', ...rest].filter((each) => each !== ''),
      ),
    )
  if (name === undefined) return [value]
  return typeof value === 'object' && value !== null ? at((value as Record<string, unknown>)[name], rest) : []
}
