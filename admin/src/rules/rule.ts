import type { Value } from '../metadata/value'

/** A rule as the API has it: a rule group of react-querybuilder. Its numbers are exact. */
export type Rule = { combinator: 'and' | 'or'; not: boolean; rules: (Rule | Condition)[] }
export type Condition = { field: string; operator: string; value?: Value }

export const isGroup = (one: Rule | Condition): one is Rule => 'rules' in one

/** How the conditions of a group are combined, with its negation. */
export const combinations = ['all', 'any', 'not-all', 'none'] as const
export type Combination = (typeof combinations)[number]

export const combinationOf = ({ combinator, not }: Rule): Combination =>
  combinator === 'and' ? (not ? 'not-all' : 'all') : not ? 'none' : 'any'

/** The ids and keys of the customer groups that a rule mentions, each once. */
export function groupsIn(rule: Rule): string[] {
  const found = rule.rules.flatMap((one) =>
    isGroup(one) ? groupsIn(one) : one.field === 'groups' ? (Array.isArray(one.value) ? one.value : [one.value]) : [],
  )
  return [...new Set(found.map(String))]
}
