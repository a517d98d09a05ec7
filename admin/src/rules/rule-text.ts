import { isNumber, type Value, valueText } from '../metadata/value'
import { isField, isOfMetadata, type Kind, kinds, metadataPrefix, type Operator } from './fields'
import { isMomentText, kindInMetadata } from './draft'
import { phraseOf } from './operator-label'
import { type Condition, isGroup, type Rule } from './rule'
import { words } from './words'

type NameOf = (groupId: string) => string

/** A condition in words. */
export function conditionText({ field, operator, value }: Condition, nameOf: NameOf): string {
  const kind = kindOf(field, operator, value ?? null)
  const named = isOfMetadata(field)
    ? field.slice(metadataPrefix.length)
    : isField(field)
      ? words.rules.fields[field]
      : field
  const phrase = phraseOf(kind, operator as Operator)
  return phrase(named, value === undefined ? '' : textOf(value, kind, operator, nameOf))
}

/** A rule in one line. */
export function ruleText(rule: Rule, nameOf: NameOf): string {
  const parts = rule.rules.map((one) => (isGroup(one) ? `(${ruleText(one, nameOf)})` : conditionText(one, nameOf)))
  const joined = rule.combinator === 'and' ? words.list(parts) : words.choice(parts)
  return rule.not ? words.rules.not(joined) : joined
}

function kindOf(field: string, operator: string, value: Value): Kind {
  if (isOfMetadata(field)) return kindInMetadata(operator, value)
  return isField(field) ? kinds[field] : 'text'
}

function textOf(value: Value, kind: Kind, operator: string, nameOf: NameOf): string {
  if (operator.endsWith('Last') && !Array.isArray(value)) return words.rules.days(Number(valueText(value)))
  const texts = (Array.isArray(value) ? value : [value]).map((one) => single(one, kind, nameOf))
  return operator === 'between' || operator === 'notBetween' ? words.list(texts) : words.choice(texts)
}

function single(value: Value, kind: Kind, nameOf: NameOf): string {
  if (isNumber(value)) return words.exactNumber(value.value)
  if (typeof value === 'boolean') return value ? words.metadata.yes : words.metadata.no
  if (kind === 'groups') return words.rules.quoted(nameOf(String(value)))
  const text = String(value)
  return isMomentText(text) ? words.moment(text) : words.rules.quoted(text)
}
