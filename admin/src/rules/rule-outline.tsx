import { Text } from '@mantine/core'
import { combinationOf, isGroup, type Rule } from './rule'
import { conditionText } from './rule-text'
import classes from './rules.module.css'
import { words } from './words'

type Props = { rule: Rule; nameOf: (groupId: string) => string }

/** A rule in words, as a list in which groups of conditions are lists of their own. */
export function RuleOutline({ rule, nameOf }: Props) {
  const [only] = rule.rules
  const isPlain = rule.rules.length === 1 && !rule.not && only && !isGroup(only)
  if (isPlain) return <Text size='sm'>{conditionText(only, nameOf)}</Text>
  return (
    <>
      <Text size='sm'>{words.rules.leads[combinationOf(rule)]}</Text>
      <ul className={classes.outline}>
        {rule.rules.map((one, index) => (
          <li key={index}>{isGroup(one) ? <RuleOutline rule={one} nameOf={nameOf} /> : conditionText(one, nameOf)}</li>
        ))}
      </ul>
    </>
  )
}
