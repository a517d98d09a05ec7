/** What the value of a condition is, and so how it is compared and edited. */
export type Kind = 'text' | 'number' | 'moment' | 'yes-no' | 'groups' | 'kept'

/** How a value is edited. */
export type Editor = 'text' | 'number' | 'moment' | 'yes-no' | 'groups' | 'list' | 'range' | 'days' | 'none' | 'kept'

/** Fields of the metadata begin so. In a rule, the path follows; in a draft, the kind of the value. */
export const metadataPrefix = 'metadata.'

/** The fields of a draft. The metadata has one for each kind of value, because its values have no type of their own. */
export const kinds = {
  email: 'text',
  first_name: 'text',
  last_name: 'text',
  company_name: 'text',
  phone: 'text',
  has_account: 'yes-no',
  created_at: 'moment',
  updated_at: 'moment',
  groups: 'groups',
  'metadata.number': 'number',
  'metadata.text': 'text',
  'metadata.moment': 'moment',
  'metadata.yes-no': 'yes-no',
  key: 'text',
  id: 'text',
  created_by: 'text',
  kept: 'kept',
} as const satisfies Record<string, Kind>

export type Field = keyof typeof kinds

export const isField = (name: string): name is Field => Object.hasOwn(kinds, name)

/** The fields that can be chosen, with the most useful ones first. */
export const fieldGroups = {
  profile: ['email', 'first_name', 'last_name', 'company_name', 'phone', 'has_account', 'created_at', 'updated_at'],
  groups: ['groups'],
  metadata: ['metadata.number', 'metadata.text', 'metadata.moment', 'metadata.yes-no'],
  others: ['key', 'id', 'created_by'],
} as const satisfies Record<string, Field[]>

export const isOfMetadata = (field: string) => field.startsWith(metadataPrefix)

const texts = ['contains', 'doesNotContain', 'beginsWith', 'doesNotBeginWith', 'endsWith', 'doesNotEndWith'] as const
const presence = ['notNull', 'null'] as const
const days = ['inLast', 'notInLast'] as const
const orders = ['>', '>=', '<', '<=', 'between', 'notBetween'] as const
const equality = ['=', '!='] as const
const lists = ['in', 'notIn'] as const

export type Operator = (
  typeof texts | typeof presence | typeof days | typeof orders | typeof equality | typeof lists
)[number]

/** The operators that the service accepts for a field. Moments in the metadata are texts, which are never equal. */
export function operatorsOf(field: Field): readonly Operator[] {
  const anywhere = isOfMetadata(field) ? presence : []
  switch (kinds[field]) {
    case 'text':
      return [...equality, ...texts, ...lists, ...presence]
    case 'number':
      return [...orders, ...equality, ...lists, ...anywhere]
    case 'moment':
      return [...days, ...orders, ...(isOfMetadata(field) ? presence : equality)]
    case 'yes-no':
      return [...equality, ...anywhere]
    case 'groups':
      return lists
    case 'kept':
      return []
  }
}

export function editorOf(kind: Kind, operator: string): Editor {
  if (kind === 'kept' || kind === 'groups') return kind
  if (operator === 'null' || operator === 'notNull') return 'none'
  if (operator === 'in' || operator === 'notIn') return 'list'
  if (operator === 'between' || operator === 'notBetween') return 'range'
  return operator === 'inLast' || operator === 'notInLast' ? 'days' : kind
}
