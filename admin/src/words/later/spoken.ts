import { i18n } from '../spoken'

// The messages here wait for a catalogue of their own, so that it is not part of the first load.
const { messages } = await import(`../../locales/later/${i18n.locale}.po`)
i18n.load(i18n.locale, messages)

export { i18n }
