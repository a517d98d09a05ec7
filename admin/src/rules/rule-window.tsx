import { Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { prepareRuleGroup } from 'react-querybuilder'
import { ApiError } from '../api/errors'
import type { CustomerGroup } from '../api/types'
import { changeGroup, readGroup } from '../customer-groups/group-data'
import { groupKeys } from '../customer-groups/group-list-data'
import { Conflict } from '../edit/conflict'
import { useEdit } from '../edit/use-edit'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { doneWithUndo } from '../history/undo-toast'
import { sameValue, type Value, valueText } from '../metadata/value'
import { type Draft, draftOf, newDraft, ruleOf } from './draft'
import { type Faults, gapsIn } from './faults'
import { useNamesOfGroups } from './names-of-groups'
import { matchText, Preview } from './preview'
import { previewQuery } from './preview-data'
import { groupsIn, type Rule } from './rule'
import { RuleBuilder } from './rule-builder'
import { ruleText } from './rule-text'
import classes from './rules.module.css'
import { words } from './words'

type Props = { group: CustomerGroup; onClose: () => void }

/** The pause in typing after which the preview is requested, in ms. */
const pause = 400

/** The side window for the rule of a group, with a preview of the customers who meet it. */
export default function RuleWindow({ group, onClose }: Props) {
  const cache = useQueryClient()
  const [first] = useState(() => draftFor(group))
  const [draft, setDraft] = useState<Draft>(first)
  const rule = ruleOf(draft)
  const text = valueText(rule)
  const gaps = gapsIn(draft)
  const isComplete = Object.keys(gaps).length === 0
  // What is missing is only an error when the user saves.
  const [tried, setTried] = useState<string | null>(null)
  const [asked] = useDebouncedValue(text, pause)
  const isAsked = isComplete && asked === text
  const preview = useQuery({ ...previewQuery(asked), enabled: isAsked })
  const previewError = isAsked ? preview.error : null
  const form = useRef<HTMLDivElement>(null)
  const nameOf = useNamesOfGroups(groupsIn(group.rule ?? rule))
  const edit = useEdit<CustomerGroup, Value>({
    opened: group,
    fieldsOf: ({ rule }) => (rule ? { rule } : {}),
    isSame: sameValue,
    read: () => readGroup(group.id),
    send: (base, fields) => changeGroup(base, { rule: (fields.rule ?? null) as Rule | null }),
    onSaved: (saved, over) => {
      cache.setQueryData(groupKeys.one(saved.id), saved)
      doneWithUndo(words.rules.saved, saved.id, { before: { rule: over.rule }, after: { rule: saved.rule } })
      onClose()
    },
    onError: () => window.setTimeout(focusFault),
  })
  const focusFault = () => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  const refusal = faultsOf(edit.error)
  const faults = { ...faultsOf(previewError), ...(tried === text && { ...refusal, ...gaps }) }
  const { clashes } = edit
  const save = () => {
    flushSync(() => setTried(text))
    if (isComplete) edit.save({ rule })
    else focusFault()
  }
  return (
    <SideWindow
      opened
      title={group.rule ? words.rules.editTitle : words.rules.makeTitle}
      size='xl'
      busy={edit.isPending}
      dirty={text !== valueText(ruleOf(first))}
      disabled={clashes !== null}
      note={<span role='status'>{isComplete && preview.data && !previewError && matchText(preview.data)}</span>}
      onClose={onClose}
      onSave={save}
    >
      <Stack ref={form} className={classes.window}>
        {!group.rule && <Text size='sm'>{words.rules.makeText}</Text>}
        {clashes && (
          <Conflict
            clashes={clashes}
            labelOf={() => words.rules.title}
            textOf={(value) => ruleText(value as Rule, nameOf)}
            onEdit={(theirs) => setDraft(draftFor({ rule: (edit.decide(theirs).rule ?? null) as Rule | null }))}
            onSave={edit.saveDecided}
          />
        )}
        {Object.keys(refusal).length === 0 && <Problem error={edit.error} />}
        <RuleBuilder groupId={group.id} draft={draft} faults={faults} onChange={setDraft} />
        <Preview
          answer={preview.data}
          error={Object.keys(faultsOf(previewError)).length > 0 ? null : previewError}
          isComplete={isComplete}
          isOld={!isAsked || preview.isPlaceholderData}
        />
      </Stack>
    </SideWindow>
  )
}

/** The draft to begin with. Its conditions have the ids by which react-querybuilder tells them apart. */
const draftFor = ({ rule }: Pick<CustomerGroup, 'rule'>): Draft => prepareRuleGroup(rule ? draftOf(rule) : newDraft)

/** The faults that the service names by their place in the rule. */
function faultsOf(error: unknown): Faults {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : []
  return Object.fromEntries(fields.filter(([place]) => place === 'rule' || place.startsWith('rule.')))
}
