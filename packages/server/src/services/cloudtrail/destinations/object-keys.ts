import type { EpochMillis } from '#kernel/ids.ts'

/** Whose files, of events of which region. */
export interface FileOwner {
  readonly account: string
  readonly prefix: string
}

/** `[<prefix>/]AWSLogs/<account>/<folder>/` @source CloudTrail user guide, "Finding your CloudTrail log files" */
export const folder = ({ account, prefix }: FileOwner, name: 'CloudTrail' | 'CloudTrail-Digest'): string =>
  `${prefix === '' ? '' : `${prefix}/`}AWSLogs/${account}/${name}/`

/** `…/CloudTrail/<region>/YYYY/MM/DD/<account>_CloudTrail_<region>_YYYYMMDDTHHmmZ_<16 characters>.json.gz` */
export const logFileKey = (owner: FileOwner, region: string, at: EpochMillis, id: string): string =>
  `${folder(owner, 'CloudTrail')}${region}/${day(at)}/${owner.account}_CloudTrail_${region}_${basic(at).slice(0, 13)}Z_${id}.json.gz`

/** `…/CloudTrail-Digest/<region>/YYYY/MM/DD/<account>_CloudTrail-Digest_<region>_<trail>_<home region>_YYYYMMDDTHHMMSSZ.json.gz` */
export const digestKey = (
  owner: FileOwner & { readonly trail: string; readonly home: string },
  region: string,
  end: EpochMillis,
): string =>
  `${folder(owner, 'CloudTrail-Digest')}${region}/${day(end)}/${owner.account}_CloudTrail-Digest_${region}_${owner.trail}_${owner.home}_${basic(end)}Z.json.gz`

const day = (at: EpochMillis): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '/')

/** `YYYYMMDDTHHMMSS` */
const basic = (at: EpochMillis): string => new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')
