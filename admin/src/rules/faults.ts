import {
  type Draft,
  type DraftCondition,
  entriesOf,
  isDaysText,
  isDraftGroup,
  isMomentText,
  isNumberText,
} from './draft'
import { editorOf, isOfMetadata, kinds } from './fields'
import { words } from './words'

/** What is wrong, by its place in the rule, such as `rule.rules.0.value`. The service names its faults so, too. */
export type Faults = Readonly<Record<string, string>>

/** The place of a condition or a group of conditions. */
export const placeOf = (path: readonly number[]) => ['rule', ...path.flatMap((index) => ['rules', index])].join('.')

/** The fault at a place, or in a part of it, such as one value of a list. */
export function faultAt(faults: Faults, place: string): string | undefined {
  const [, message] = Object.entries(faults).find(([at]) => at === place || at.startsWith(`${place}.`)) ?? []
  return message
}

/** The faults of a group of conditions itself. */
export const faultOfGroup = (faults: Faults, place: string): string | undefined =>
  [place, ...['rules', 'combinator', 'not'].map((part) => `${place}.${part}`)]
    .map((at) => faults[at])
    .find((message) => message !== undefined)

/** What is still missing in a draft, or no value of its kind. */
export function gapsIn(draft: Draft, path: number[] = []): Faults {
  const place = placeOf(path)
  if (draft.rules.length === 0) return { [`${place}.rules`]: words.rules.noConditions }
  return Object.assign(
    {},
    ...draft.rules.map((one, index) => {
      const inner = [...path, index]
      return isDraftGroup(one) ? gapsIn(one, inner) : gapsOfCondition(one, placeOf(inner))
    }),
  )
}

function gapsOfCondition({ field, operator, value: { name, texts } }: DraftCondition, place: string): Faults {
  const value = gapOfValue(field, operator, texts)
  return {
    ...(isOfMetadata(field) && name.trim() === '' && { [`${place}.field`]: words.rules.nameMissing }),
    ...(value && { [`${place}.value`]: value }),
  }
}

function gapOfValue(field: DraftCondition['field'], operator: string, texts: string[]): string | null {
  const kind = kinds[field]
  const { valueMissing, notDays } = words.rules
  const [first = '', second = ''] = texts
  switch (editorOf(kind, operator)) {
    case 'none':
    case 'kept':
    case 'yes-no':
      return null
    case 'groups':
      return texts.length > 0 ? null : words.rules.groupMissing
    case 'days':
      return isDaysText(first) ? null : notDays
    case 'list':
      return gapOf(kind, entriesOf(texts), valueMissing)
    case 'range':
      return gapOf(kind, [first, second], valueMissing)
    default:
      return gapOf(kind, [first], valueMissing)
  }
}

function gapOf(kind: string, texts: string[], missing: string): string | null {
  if (texts.length === 0 || texts.includes('')) return missing
  if (kind === 'moment' && !texts.every(isMomentText)) return missing
  return kind === 'number' && !texts.every(isNumberText) ? words.metadata.problems['not-a-number'] : null
}
