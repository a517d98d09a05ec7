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

/** The words of the sign-in come first, and without those of all other pages. */
const catalogues = {
  first: (language: string) => import(`../locales/first/${language}.po`),
  pages: (language: string) => import(`../locales/${language}.po`),
}

type Words = keyof typeof catalogues

const speaking = new Map<Words, Promise<void>>()

/** The chosen language, or else the first supported language of the browser, or else English. */
export function speak(words: Words): Promise<void> {
  const begun = speaking.get(words)
  if (begun) return begun
  const loading = load(words)
  speaking.set(words, loading)
  // A failure is not kept, so that it can be tried again.
  loading.catch(() => speaking.delete(words))
  return loading
}

/** The page that needs them shows an error. */
export const prefetchWords = (words: Words) => void speak(words).catch(() => null)

async function load(words: Words) {
  const language = wanted()
  const { messages } = await catalogues[words](language)
  i18n.load(language, messages)
  i18n.activate(language, placesOf(language, navigator.languages))
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
