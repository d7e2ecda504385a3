import type { RawObject } from './botocore.ts'
import { compactModel, modelText } from './compact.ts'
import type { ModelSource } from './services.ts'
import { catalogText, typesText } from './types.ts'

/**
 * Every generated file of packages/wire: path inside the package → text. The same input always gives the same text.
 * @throws Error when a model is missing or says something the generator does not know.
 */
export function generate(
  source: string,
  sources: readonly ModelSource[],
  raw: ReadonlyMap<string, RawObject>,
): ReadonlyMap<string, string> {
  const models = sources.map((from) => {
    const model = raw.get(from.id)
    if (model === undefined) throw new Error(`there is no model of ${from.id}`)
    return compactModel(from, source, model)
  })
  const files = new Map<string, string>()
  for (const model of models) {
    files.set(`models/${model.service}.json`, modelText(model))
    files.set(`src/types/${model.service}.ts`, typesText(model))
  }
  return files.set('src/types/catalog.ts', catalogText(models))
}
