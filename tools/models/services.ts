/** The release of botocore whose models are used. A new one is a new pin here and a run of `node tools/models/main.ts`. */
export const BOTOCORE_VERSION = '1.43.67'

export interface ModelSource {
  /** Our name of the service: the key in `Apis` and the name of the generated files. */
  readonly id: string
  /** botocore's folder of the service. */
  readonly folder: string
  /** The API version, which is also botocore's folder below it. */
  readonly version: string
}

/** The services whose models are generated; adding one is one line here. */
export const MODEL_SOURCES: readonly ModelSource[] = [
  { id: 'logs', folder: 'logs', version: '2014-03-28' },
  { id: 'mq', folder: 'mq', version: '2017-11-27' },
  { id: 'cloudtrail', folder: 'cloudtrail', version: '2013-11-01' },
  { id: 'iam', folder: 'iam', version: '2010-05-08' },
  { id: 'sts', folder: 'sts', version: '2011-06-15' },
]
