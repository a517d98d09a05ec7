import { ActionIcon, NativeSelect, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { RuleProps } from 'react-querybuilder'
import { useBuilding } from './building'
import { conditionText } from './rule-text'
import type { DraftCondition, Input } from './draft'
import { faultAt, placeOf } from './faults'
import { editorOf, fieldGroups, isOfMetadata, kinds, operatorsOf } from './fields'
import { operatorLabel } from './operator-label'
import { focusAddButton, numberOf } from './places'
import classes from './rules.module.css'
import { ValueFields } from './value-fields'
import { words } from './words'

const fieldChoices = Object.entries(fieldGroups).map(([group, fields]) => ({
  group: words.rules.fieldGroups[group as keyof typeof fieldGroups],
  items: fields.map((value) => ({ value, label: words.rules.fields[value] })),
}))

/** The fields of a condition: what is compared, how, and with which value. */
export function ConditionFields(props: RuleProps) {
  const { path, actions } = props
  const { faults, added } = useBuilding()
  const { id, field, operator, value: input } = props.rule as DraftCondition
  const number = numberOf(path)
  const place = placeOf(path)
  const first = useRef<HTMLSelectElement>(null)
  useEffect(() => {
    if (added !== undefined && added === id) first.current?.focus()
  }, [added, id])
  const change = (value: Input) => actions.onPropChange('value', value, path)
  const kind = kinds[field]
  return (
    <div role='group' aria-label={words.rules.conditionOf(number)} className={classes.row}>
      {input.kept ? (
        <div className={classes.fields}>
          <Text size='sm'>{conditionText(input.kept, (id) => id)}</Text>
          <Text size='xs' c='dimmed'>
            {words.rules.kept}
          </Text>
        </div>
      ) : (
        <div className={classes.fields}>
          <NativeSelect
            ref={first}
            className={classes.select}
            aria-label={words.rules.fieldOf(number)}
            value={field}
            error={!isOfMetadata(field) && faultAt(faults, `${place}.field`)}
            data={fieldChoices}
            onChange={(event) => actions.onPropChange('field', event.currentTarget.value, path)}
          />
          {isOfMetadata(field) && (
            <TextInput
              aria-label={words.rules.nameOf(number)}
              placeholder={words.rules.nameExample}
              value={input.name}
              error={faultAt(faults, `${place}.field`)}
              autoComplete='off'
              autoCapitalize='off'
              spellCheck={false}
              onChange={(event) => change({ ...input, name: event.currentTarget.value })}
            />
          )}
          <NativeSelect
            className={classes.select}
            aria-label={words.rules.operatorOf(number)}
            value={operator}
            error={faultAt(faults, `${place}.operator`)}
            data={operatorsOf(field).map((value) => ({ value, label: operatorLabel(kind, value) }))}
            onChange={(event) => actions.onPropChange('operator', event.currentTarget.value, path)}
          />
          <ValueFields
            editor={editorOf(kind, operator)}
            kind={kind}
            number={number}
            texts={input.texts}
            error={faultAt(faults, `${place}.value`)}
            onChange={(texts) => change({ ...input, texts })}
          />
        </div>
      )}
      <ActionIcon
        variant='subtle'
        color='gray'
        size='input-sm'
        aria-label={words.rules.removeCondition(number)}
        onClick={(event) => {
          focusAddButton(event.currentTarget, 0)
          actions.onRuleRemove(path)
        }}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
}
