/** How long logs are to be kept, in days that PutRetentionPolicy takes. */
export interface Preset {
  readonly name: string
  /** For whom, as people say it. */
  readonly title: string
  readonly atLeastDays: number
  /** Longer is no better where nothing asks for it; missing: there is no such bound. */
  readonly atMostDays?: number
}

/** What the frameworks ask for, as guides to audit logging of Amazon MQ name it; six years are 2,192 days. */
export const PRESETS: readonly Preset[] = [
  { name: 'general', title: 'general use, 30 to 90 days', atLeastDays: 30, atMostDays: 90 },
  { name: 'soc2', title: 'SOC 2, at least 1 year', atLeastDays: 365 },
  { name: 'pci-dss', title: 'PCI DSS, at least 1 year', atLeastDays: 365 },
  { name: 'hipaa', title: 'HIPAA, at least 6 years', atLeastDays: 2_192 },
]

/** The retention that mends a group: the longest that is asked for. */
export const wantedDays = ({ atLeastDays, atMostDays }: Preset): number => atMostDays ?? atLeastDays
