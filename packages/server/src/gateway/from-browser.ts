import type { RequestHead } from '@sluice/wire'

/** Whether a web page, or a person in front of a browser, made the request: browsers always say where it comes from. */
export const isFromBrowser = ({ headers }: RequestHead): boolean =>
  headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined
