/** The values of a window's fields. Missing fields have no entry. */
export type Fields<Value> = Record<string, Value>

/** A field that two users changed to different values. `undefined` if it does not exist. */
export type Clash<Value> = {
  name: string
  before: Value | undefined
  theirs: Value | undefined
  yours: Value | undefined
}

/** Merges two edits of the same fields. Only fields that both changed are conflicts. */
export function merge<Value>(
  before: Fields<Value>,
  theirs: Fields<Value>,
  yours: Fields<Value>,
  isSame: (one: Value, other: Value) => boolean,
): { merged: Fields<Value>; clashes: Clash<Value>[] } {
  const same = (one: Value | undefined, other: Value | undefined) =>
    one === undefined || other === undefined ? one === other : isSame(one, other)
  const clashes: Clash<Value>[] = []
  const merged: [string, Value][] = []
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(yours)])) {
    const [was, their, your] = [before, theirs, yours].map((fields) => valueOf(fields, name)) as Side<Value>
    const mine = !same(was, your)
    if (mine && !same(was, their) && !same(their, your)) clashes.push({ name, before: was, theirs: their, yours: your })
    const value = mine ? your : their
    if (value !== undefined) merged.push([name, value])
  }
  return { merged: Object.fromEntries(merged), clashes }
}

type Side<Value> = [Value | undefined, Value | undefined, Value | undefined]

/** The fields with the chosen values: theirs or yours. */
export function decided<Value>(merged: Fields<Value>, clashes: Clash<Value>[], takeTheirs: ReadonlySet<string>) {
  const entries = new Map(Object.entries(merged))
  for (const { name, theirs, yours } of clashes) {
    const value = takeTheirs.has(name) ? theirs : yours
    if (value === undefined) entries.delete(name)
    else entries.set(name, value)
  }
  return Object.fromEntries(entries) as Fields<Value>
}

/** The fields that differ from the original. */
export function changedFields<Value>(before: Fields<Value>, after: Fields<Value>): Fields<Value> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value))
}

// Metadata may have a key like "constructor".
const valueOf = <Value>(fields: Fields<Value>, name: string) => (Object.hasOwn(fields, name) ? fields[name] : undefined)
