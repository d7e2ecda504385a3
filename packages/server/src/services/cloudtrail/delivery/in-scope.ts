import type { TrailScope } from '#services/cloudtrail/delivery/delivery-state.ts'
import { type SelectableEvent, selects } from '#services/cloudtrail/selectors/selects.ts'
import type { StoredApiEvent } from '#stores/journals/api-journal.ts'

/** Services whose events are recorded in us-east-1, wherever the caller is. */
const GLOBAL_SOURCES: ReadonlySet<string> = new Set(['iam.amazonaws.com'])

/** Whether a trail gets the event: it was logging, the region is one of its own, and it selects it. */
export function isInScope(event: StoredApiEvent, home: string, scope: TrailScope): boolean {
  if (!scope.spans.some(({ from, to }) => event.seq >= from && (to === undefined || event.seq < to))) return false
  if (event.region !== home && !scope.multiRegion) return false
  if (GLOBAL_SOURCES.has(event.eventSource) && !scope.globalEvents) return false
  return selects(scope.selectors, selectable(event))
}

const selectable = (event: StoredApiEvent): SelectableEvent => ({
  category: event.category ?? 'Management',
  readOnly: event.readOnly,
  eventSource: event.eventSource,
  eventName: event.eventName,
  // Only a selector that asks for it pays for reading the record.
  get eventType(): string {
    return (JSON.parse(event.record) as { readonly eventType?: string }).eventType ?? ''
  },
  get userArn(): string {
    const { userIdentity } = JSON.parse(event.record) as { readonly userIdentity?: { readonly arn?: string } }
    return userIdentity?.arn ?? ''
  },
  resources: event.resources,
})
