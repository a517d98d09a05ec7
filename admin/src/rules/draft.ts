import type { RuleGroupType, RuleType } from 'react-querybuilder'
import { exactNumber, isNumber, sameValue, type Value } from '../metadata/value'
import { editorOf, type Field, isField, isOfMetadata, type Kind, kinds, metadataPrefix } from './fields'
import { type Combination, combinationOf, type Condition, isGroup, type Rule } from './rule'

/** What is typed into a condition: the path in the metadata, and the texts of the value. */
export type Input = {
  name: string
  texts: string[]
  /** A condition that the fields here cannot show. It stays as it is. */
  kept?: Condition
}

export type DraftCondition = RuleType<Field, string, Input>
/** A rule while it is edited. Its combinator includes the negation. */
export type Draft = RuleGroupType<DraftCondition, Combination>

export const isDraftGroup = (one: Draft | DraftCondition): one is Draft => 'rules' in one

export const newDraft: Draft = {
  combinator: 'all',
  rules: [{ field: 'email', operator: '=', value: { name: '', texts: [] } }],
}

/** The rule of a draft. Texts that are no numbers stay texts. */
export const ruleOf = ({ combinator, rules }: Draft): Rule => ({
  combinator: combinator === 'all' || combinator === 'not-all' ? 'and' : 'or',
  not: combinator === 'not-all' || combinator === 'none',
  rules: rules.map((one) => (isDraftGroup(one) ? ruleOf(one) : conditionOf(one))),
})

export const draftOf = (rule: Rule): Draft => ({
  combinator: combinationOf(rule),
  rules: rule.rules.map((one) => (isGroup(one) ? draftOf(one) : draftOfCondition(one))),
})

export const isNumberText = (text: string) => /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text.trim())
export const isDaysText = (text: string) => /^[1-9]\d*$/.test(text.trim())

/** A moment as the service writes it. */
export const isMomentText = (text: string) => /^\d{4}-\d\d-\d\dT/.test(text)

/** The entries of a list, one in a line. */
export const entriesOf = (texts: string[]) => texts.map((text) => text.trim()).filter((text) => text !== '')

function conditionOf({ field, operator, value: { name, texts, kept } }: DraftCondition): Condition {
  if (kept) return kept
  const named = isOfMetadata(field) ? metadataPrefix + name.trim() : field
  const value = valueOf(kinds[field], operator, texts)
  return value === undefined ? { field: named, operator } : { field: named, operator, value }
}

function valueOf(kind: Kind, operator: string, texts: string[]): Value | undefined {
  const [first = '', second = ''] = texts
  switch (editorOf(kind, operator)) {
    case 'none':
    case 'kept':
      return undefined
    case 'groups':
      return texts
    case 'list':
      return entriesOf(texts).map((text) => typed(kind, text))
    case 'range':
      return [typed(kind, first), typed(kind, second)]
    case 'days':
      return isDaysText(first) ? exactNumber(first.trim()) : first
    default:
      return typed(kind, first)
  }
}

function typed(kind: Kind, text: string): Value {
  if (kind === 'yes-no') return text === 'true'
  return kind === 'number' && isNumberText(text) ? exactNumber(text.trim()) : text
}

function draftOfCondition(condition: Condition): DraftCondition {
  const { field, operator } = asList(condition)
  const value = asList(condition).value ?? []
  const isMetadata = isOfMetadata(field)
  const shown = isMetadata ? (`${metadataPrefix}${kindInMetadata(operator, value)}` as const) : field
  const texts = (Array.isArray(value) ? value : [value]).map((one) => (isNumber(one) ? one.value : String(one)))
  const name = isMetadata ? field.slice(metadataPrefix.length) : ''
  const draft = { field: shown, operator, value: { name, texts } }
  const fitsInALine = texts.every((text) => !/[\r\n]/.test(text))
  if (fitsInALine && isDraft(draft) && same(conditionOf(draft), asList(condition))) return draft
  return { field: 'kept', operator: '', value: { name: '', texts: [], kept: condition } }
}

const isDraft = (draft: Omit<DraftCondition, 'field'> & { field: string }): draft is DraftCondition =>
  isField(draft.field)

/** One group is a list of one, which means the same. */
function asList(condition: Condition): Condition {
  const { field, operator, value } = condition
  if (field !== 'groups' || value === undefined || Array.isArray(value)) return condition
  return { field, operator: operator === '=' ? 'in' : 'notIn', value: [value] }
}

/** The kind of a value in the metadata, by the value that it is compared with. */
export function kindInMetadata(operator: string, value: Value): 'text' | 'number' | 'moment' | 'yes-no' {
  const first = Array.isArray(value) ? value[0] : value
  if (operator.endsWith('Last')) return 'moment'
  if (first !== undefined && isNumber(first)) return 'number'
  if (typeof first === 'boolean') return 'yes-no'
  return /[<>]|etween/.test(operator) ? 'moment' : 'text'
}

const same = (one: Condition, other: Condition) =>
  one.field === other.field &&
  one.operator === other.operator &&
  (one.value === undefined || other.value === undefined ? one.value === other.value : sameValue(one.value, other.value))
