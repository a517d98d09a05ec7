import type { Kind, Operator } from './fields'
import { words } from './words'

/** An operator in the list of operators: its phrase without what is compared. */
export const operatorLabel = (kind: Kind, operator: Operator) =>
  phraseOf(kind, operator)('', operator.endsWith('Last') ? words.rules.someDays : '…').trim()

/** A condition as a phrase. Moments are before and after each other. */
export function phraseOf(kind: Kind, operator: Operator): (field: string, value: string) => string {
  const { phrases, phrasesOfMoments } = words.rules
  if (kind === 'moment' && operator in phrasesOfMoments) {
    return phrasesOfMoments[operator as keyof typeof phrasesOfMoments]
  }
  if (kind === 'groups') return phrases[operator === 'in' || operator === '=' ? '=' : '!=']
  return phrases[operator]
}
