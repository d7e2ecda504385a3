import { join } from 'node:path'
import type { ClientOptions } from '#cli/platform-client.ts'

/** Shell lines that point AWS tools at the platform: `eval "$(sluice env)"`. */
export const env = (options: ClientOptions): string =>
  lines([
    ['AWS_ENDPOINT_URL', options.endpoint],
    ['AWS_ACCESS_KEY_ID', options.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', options.secret],
    ['AWS_DEFAULT_REGION', options.region],
  ])

/**
 * The same over HTTPS, which the platform answers on the same port: `eval "$(sluice env --https)"`. The authority's
 * certificate is named to the AWS CLI and boto3 and to Node.
 */
export function envHttps(options: ClientOptions, dataDirectory: string): string {
  const authority = join(dataDirectory, 'ca', 'ca.pem')
  return (
    env({ ...options, endpoint: options.endpoint.replace(/^http:/, 'https:') }) +
    lines([
      ['AWS_CA_BUNDLE', authority],
      ['NODE_EXTRA_CA_CERTS', authority],
    ])
  )
}

const lines = (variables: readonly (readonly [name: string, value: string])[]): string =>
  variables.map(([name, value]) => `export ${name}=${quote(value)}\n`).join('')

const quote = (text: string): string =>
  /^[\w:/.@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
