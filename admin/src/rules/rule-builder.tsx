import { useMemo, useState } from 'react'
import { QueryBuilder } from 'react-querybuilder'
import { BuildingContext } from './building'
import { ConditionFields } from './condition-fields'
import { ConditionGroup } from './condition-group'
import type { Draft, Input } from './draft'
import type { Faults } from './faults'
import { combinations } from './rule'
import { type Field, fieldGroups, kinds, operatorsOf } from './fields'
import { words } from './words'

type Props = { groupId: string; draft: Draft; faults: Faults; onChange: (draft: Draft) => void }

/** The levels that the service accepts. */
const mostLevels = 8

const controls = { rule: ConditionFields, ruleGroup: ConditionGroup }

const fields = Object.values(fieldGroups).flatMap((group) =>
  group.map((name: Field) => ({
    name,
    label: words.rules.fields[name],
    operators: operatorsOf(name).map((operator) => ({ name: operator, label: operator })),
  })),
)
const combinators = combinations.map((name) => ({ name, label: words.rules.combinations[name] }))

/** Edits a rule. React-querybuilder keeps the tree of conditions; its fields are the ones of this page. */
export function RuleBuilder({ groupId, draft, faults, onChange }: Props) {
  const [added, onAdd] = useState<string>()
  const building = useMemo(() => ({ groupId, faults, added, onAdd }), [groupId, faults, added])
  return (
    <BuildingContext value={building}>
      <QueryBuilder
        query={draft}
        onQueryChange={(query) => onChange(query as Draft)}
        enableMountQueryChange={false}
        fields={fields}
        combinators={combinators}
        controlElements={controls}
        getDefaultValue={emptyInput}
        addRuleToNewGroups
        maxLevels={mostLevels - 1}
        suppressStandardClassnames
      />
    </BuildingContext>
  )
}

/** The path in the metadata stays when another type is chosen for its value. */
function emptyInput({ field, value }: { field: string; value?: Partial<Input> }): Input {
  return { name: value?.name ?? '', texts: kinds[field as Field] === 'yes-no' ? ['true'] : [] }
}
