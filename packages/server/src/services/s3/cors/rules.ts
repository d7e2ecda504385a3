import type { PageRequest } from '#kernel/bucket-pages.ts'
import type { CorsRules } from '#services/s3/buckets/bucket.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_CORS_RULES } from '#services/s3/limits.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])

/** @throws S3Error MalformedXML, InvalidRequest */
export function checkCorsRules(rules: CorsRules): CorsRules {
  if (rules.length === 0 || rules.length > MAX_CORS_RULES) throw s3Errors.malformedXml()
  for (const { AllowedMethods: methods, AllowedOrigins: origins, AllowedHeaders: headers = [] } of rules) {
    if (methods.length === 0 || origins.length === 0) throw s3Errors.malformedXml()
    const unknown = methods.find((method) => !METHODS.has(method))
    if (unknown !== undefined)
      throw s3Errors.invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`)
    for (const origin of origins) checkPattern('AllowedOrigin', origin)
    for (const header of headers) checkPattern('AllowedHeader', header)
  }
  return rules
}

function checkPattern(name: string, pattern: string): void {
  if (pattern.split('*').length > 2)
    throw s3Errors.invalidRequest(`${name} "${pattern}" can not have more than one wildcard.`)
}

/** The first rule that lets a page do it. */
export const ruleFor = (rules: CorsRules, { origin, method, headers }: PageRequest): CorsRules[number] | undefined =>
  rules.find(
    ({ AllowedOrigins, AllowedMethods, AllowedHeaders = [] }) =>
      AllowedMethods.includes(method) &&
      AllowedOrigins.some((pattern) => fits(pattern, origin)) &&
      headers.every((header) => AllowedHeaders.some((pattern) => fits(pattern.toLowerCase(), header))),
  )

/** One `*` at most stands for anything. */
function fits(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return pattern === text
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}
