import { i18n } from '@lingui/core'

/** The languages, each with its own name. Their messages are in `src/locales`. */
export const languages = {
  de: 'Deutsch',
  en: 'English',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  pt: 'Português',
} as const

export type Language = keyof typeof languages

/** Generated from English by the build, for tests: longer texts, and from right to left. */
const test = 'ar-XB'

const rememberedAs = 'language'

let speaking: Promise<void> | null = null

/** The chosen language, or else the first supported language of the browser, or else English. */
export const speak = () => (speaking ??= load())

async function load() {
  const language = wanted()
  const { messages } = await import(`../locales/${language}.po`)
  i18n.loadAndActivate({ locale: language, locales: placesOf(language, navigator.languages), messages })
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
}

export const wanted = () => spoken(localStorage.getItem(rememberedAs), navigator.languages)

export const directionOf = (language: string) => (language === test ? 'rtl' : 'ltr')

/** Takes effect when the page is reloaded, because many messages are looked up once. */
export function choose(language: Language) {
  localStorage.setItem(rememberedAs, language)
  window.location.reload()
}

export function spoken(chosen: string | null, preferred: readonly string[]): Language | typeof test {
  if (isLanguage(chosen)) return chosen
  for (const tag of preferred) {
    const language = tag.split('-')[0]
    if (isLanguage(language)) return language
    if (tag === test) return test
  }
  return 'en'
}

/** The region for numbers and dates: with German messages, a browser in Vienna uses Austrian formats. */
export const placesOf = (language: string, preferred: readonly string[]) => [
  ...preferred.filter((tag) => tag.split('-')[0] === language),
  language,
]

const isLanguage = (language: string | null | undefined): language is Language =>
  Object.hasOwn(languages, language ?? '')
