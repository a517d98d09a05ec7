import { PageError } from '../api/errors'
import { changeGroup, type GroupValues, readGroup, replaceMetadata } from '../customer-groups/group-data'
import type { CustomerGroup } from '../api/types'
import { type Metadata, only, sameMetadata, sameValue } from '../metadata/value'
import { words } from '../words'
import type { Done } from './done'
import { undoMembers } from './undo-members'

/** Undoes a change. Values that were changed again are not touched: this would undo someone else's work. */
export async function undo(groupId: string, done: Done): Promise<void> {
  const { added = [], changed = [], removed = [], before, after } = done
  if ([...added, ...changed, ...removed].length > 0 || done.terms) await undoMembers(groupId, done)
  if (!before || !after) return
  const group = await readGroup(groupId)
  // Both are checked before anything is written, so that it is not undone by half.
  const values = valuesBefore(group, before, after)
  const metadata = 'metadata' in after ? metadataBefore(group, before.metadata, after.metadata) : null
  const written = Object.keys(values).length > 0 ? await changeGroup(group, values) : group
  if (metadata) await replaceMetadata(written, metadata)
}

/** The previous name, key and rule, if they were changed. */
function valuesBefore(
  group: CustomerGroup,
  before: NonNullable<Done['before']>,
  after: NonNullable<Done['after']>,
): GroupValues {
  const isChangedSince =
    (after.name !== undefined && group.name !== after.name) ||
    (after.key !== undefined && group.key !== after.key) ||
    (after.rule !== undefined && !sameValue(group.rule, after.rule))
  if (isChangedSince) throw new PageError(words.undo.changedSince)
  return {
    ...(before.name !== undefined && { name: before.name }),
    ...(before.key !== undefined && { key: before.key }),
    ...(before.rule !== undefined && { rule: before.rule }),
  }
}

/** The group's metadata with the previous values of the changed keys. All others are kept. */
export function metadataBefore(
  { metadata }: Pick<CustomerGroup, 'metadata'>,
  before: Metadata | null | undefined,
  after: Metadata | null | undefined,
): Metadata {
  const now = metadata ?? {}
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  if (!sameMetadata(only(keys, now), after ?? {})) throw new PageError(words.undo.changedSince)
  return { ...without(keys, now), ...before }
}

const without = (keys: ReadonlySet<string>, metadata: Metadata): Metadata =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !keys.has(key)))
