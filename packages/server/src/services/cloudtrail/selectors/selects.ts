import type { FieldSelector } from '#services/cloudtrail/selectors/check-advanced.ts'
import { DEFAULT_SELECTORS } from '#services/cloudtrail/selectors/check-basic.ts'
import type { AdvancedSelector, BasicSelector, Selectors } from '#services/cloudtrail/types.ts'

/** What selectors ask about an event. */
export interface SelectableEvent {
  readonly category: 'Management' | 'Data'
  readonly readOnly: boolean
  readonly eventSource: string
  readonly eventName: string
  readonly eventType: string
  /** Empty: it has none. */
  readonly userArn: string
  readonly resources: readonly { readonly type: string; readonly name: string }[]
}

/** Whether a trail with these selectors records the event; without any it records management events. */
export function selects(selectors: Selectors | undefined, event: SelectableEvent): boolean {
  if (selectors?.kind === 'advanced') return selectors.selectors.some((selector) => advancedSelects(selector, event))
  return (selectors?.selectors ?? DEFAULT_SELECTORS).some((selector) => basicSelects(selector, event))
}

/** Whether any data event could be selected. */
export const mayWantData = (selectors: Selectors | undefined): boolean => {
  if (selectors === undefined) return false
  if (selectors.kind === 'basic') return selectors.selectors.some(({ DataResources = [] }) => DataResources.length > 0)
  return selectors.selectors.some(({ FieldSelectors }) =>
    FieldSelectors.some(({ Field, Equals = [] }) => Field === 'eventCategory' && Equals.includes('Data')),
  )
}

function basicSelects(selector: BasicSelector, event: SelectableEvent): boolean {
  const { ReadWriteType = 'All', IncludeManagementEvents = true } = selector
  if (ReadWriteType !== 'All' && (ReadWriteType === 'ReadOnly') !== event.readOnly) return false
  if (event.category === 'Management')
    return IncludeManagementEvents && !(selector.ExcludeManagementEventSources ?? []).includes(event.eventSource)
  return (selector.DataResources ?? []).some(({ Type, Values = [] }) =>
    event.resources.some(({ type, name }) => type === Type && Values.some((value) => name.startsWith(value))),
  )
}

const advancedSelects = ({ FieldSelectors }: AdvancedSelector, event: SelectableEvent): boolean => {
  const byName = new Map(FieldSelectors.map((field) => [field.Field, field]))
  const type = byName.get('resources.type')
  const arn = byName.get('resources.ARN')
  if (type !== undefined || arn !== undefined) {
    // One resource has to fit both.
    const fits = event.resources.some(
      (resource) =>
        (type === undefined || holds(type, resource.type)) && (arn === undefined || holds(arn, resource.name)),
    )
    if (!fits) return false
  }
  return FieldSelectors.every((field) => {
    const value = valueOf(field.Field, event)
    return value === undefined || holds(field, value)
  })
}

/** `undefined`: decided already. */
function valueOf(field: string, event: SelectableEvent): string | undefined {
  switch (field) {
    case 'resources.type':
    case 'resources.ARN':
      return undefined
    case 'eventCategory':
      return event.category
    case 'readOnly':
      return String(event.readOnly)
    case 'eventSource':
      return event.eventSource
    case 'eventName':
      return event.eventName
    case 'eventType':
      return event.eventType
    case 'userIdentity.arn':
      return event.userArn
    case 'sessionCredentialFromConsole':
      return 'false'
    default:
      return ''
  }
}

/** One of the positive conditions has to hold, if there are any, and every negative one. */
function holds(field: FieldSelector, value: string): boolean {
  const { Equals, StartsWith, EndsWith, NotEquals = [], NotStartsWith = [], NotEndsWith = [] } = field
  const isPositive = Equals !== undefined || StartsWith !== undefined || EndsWith !== undefined
  const fits =
    (Equals ?? []).includes(value) ||
    (StartsWith ?? []).some((opening) => value.startsWith(opening)) ||
    (EndsWith ?? []).some((end) => value.endsWith(end))
  return (
    (!isPositive || fits) &&
    !NotEquals.includes(value) &&
    !NotStartsWith.some((opening) => value.startsWith(opening)) &&
    !NotEndsWith.some((end) => value.endsWith(end))
  )
}
