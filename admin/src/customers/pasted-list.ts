/** The ids and e-mail addresses in a text, with any separators. */
export const valuesIn = (text: string): string[] => [...new Set(text.split(/[\s,;<>"]+/).filter(isValue))]

/** Whether a text that was pasted into the search box is a list, not search words. */
export function isList(text: string): boolean {
  const values = valuesIn(text)
  return values.length > 1 && (/[\r\n]/.test(text.trim()) || values.every(isEmail))
}

export const isEmail = (value: string) => value.includes('@')

const isValue = (value: string) => isEmail(value) || /^[A-Za-z0-9][\w.:-]{3,127}$/.test(value)
