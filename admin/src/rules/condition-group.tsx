import { ActionIcon, Button, Group, Input, NativeSelect, Text } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { RuleGroupProps, RuleGroupType } from 'react-querybuilder'
import { useBuilding } from './building'
import { ConditionFields } from './condition-fields'
import type { Draft } from './draft'
import { faultOfGroup, placeOf } from './faults'
import { focusAddButton, numberOf } from './places'
import { combinations } from './rule'
import classes from './rules.module.css'
import { words } from './words'

/** Conditions, and groups of conditions, with how they are combined. */
export function ConditionGroup(props: RuleGroupProps) {
  const { path, schema, actions, translations } = props
  const { faults, onAdd } = useBuilding()
  const { combinator, rules } = props.ruleGroup as Draft
  const number = numberOf(path)
  const isRoot = path.length === 0
  const fault = faultOfGroup(faults, placeOf(path))
  const common = { schema, actions, translations }
  const addCondition = () => {
    const condition = schema.createRule()
    onAdd(condition.id)
    actions.onRuleAdd(condition, path)
  }
  const addGroup = () => {
    const group = schema.createRuleGroup() as RuleGroupType
    onAdd(group.rules[0]?.id)
    actions.onGroupAdd(group, path)
  }
  return (
    <div
      role='group'
      aria-label={isRoot ? words.rules.title : words.rules.groupOf(number)}
      className={classes.group}
      data-conditions
    >
      <div className={classes.row}>
        <NativeSelect
          className={classes.combination}
          label={isRoot ? words.rules.meets : undefined}
          aria-label={isRoot ? undefined : words.rules.combinationOf(number)}
          value={combinator}
          data={combinations.map((value) => ({ value, label: words.rules.combinations[value] }))}
          onChange={(event) => actions.onPropChange('combinator', event.currentTarget.value, path)}
        />
        {!isRoot && (
          <ActionIcon
            variant='subtle'
            color='gray'
            size='input-sm'
            aria-label={words.rules.removeGroup(number)}
            onClick={(event) => {
              focusAddButton(event.currentTarget, 1)
              actions.onGroupRemove(path)
            }}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {rules.map((one, index) => {
        const inner = [...path, index]
        return 'rules' in one ? (
          <ConditionGroup key={one.id} {...common} path={inner} ruleGroup={one} />
        ) : (
          <ConditionFields key={one.id} {...common} path={inner} rule={one} />
        )
      })}
      {rules.length === 0 && (
        <Text size='sm' c='dimmed'>
          {words.rules.noConditions}
        </Text>
      )}
      {fault && <Input.Error role='alert'>{fault}</Input.Error>}
      <Group gap='xs'>
        <Button
          size='xs'
          variant='default'
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={addCondition}
          data-add
        >
          {words.rules.addCondition}
        </Button>
        {path.length < schema.maxLevels && (
          <Button size='xs' variant='default' leftSection={<IconPlus size={14} aria-hidden />} onClick={addGroup}>
            {words.rules.addGroup}
          </Button>
        )}
      </Group>
    </div>
  )
}
