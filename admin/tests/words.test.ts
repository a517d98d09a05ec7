import { getCatalogs } from '@lingui/cli/api'
import { getConfig } from '@lingui/conf'
import { expect, test } from 'vitest'
import { ago, number } from '../src/words/formats'
import { placesOf, spoken } from '../src/words/languages'

const config = getConfig({ cwd: import.meta.dirname, configPath: `${import.meta.dirname}/../lingui.config.ts` })
const catalogues = await getCatalogs(config)
const translated = config.locales.filter((language) => language !== config.pseudoLocale)
const inEach = catalogues.flatMap((catalogue) =>
  translated.map((language) => [catalogue.path, language, catalogue] as const),
)

test.each(catalogues.map((catalogue) => [catalogue.path, catalogue] as const))(
  '%s has the words in the code; `npm run words` writes them',
  async (_path, catalogue) => {
    const written = Object.keys((await catalogue.read('en')) ?? {})
    const inCode = Object.keys((await catalogue.collect()) ?? {})
    expect(written.sort()).toEqual(inCode.sort())
  },
)

test.each(inEach)('%s: %s lacks no word', async (_path, language, catalogue) => {
  const { missing, messages } = await catalogue.getTranslations(language, { sourceLocale: 'en', fallbackLocales: {} })
  expect(Object.keys(messages).sort()).toEqual(Object.keys((await catalogue.read('en')) ?? {}).sort())
  expect(missing).toEqual([])
})

test.each(inEach)('%s: %s fills in everything that English does', async (_path, language, catalogue) => {
  const english = (await catalogue.read('en')) ?? {}
  const words = (await catalogue.read(language)) ?? {}
  for (const [id, { message }] of Object.entries(english)) {
    expect([id, placeholders(words[id]?.translation)]).toEqual([id, placeholders(message)])
  }
})

test('the language is the chosen one, or the first of the browser that we know', () => {
  expect(spoken('fr', ['de-AT', 'en'])).toBe('fr')
  expect(spoken('tlh', ['de-AT', 'en'])).toBe('de')
  expect(spoken(null, ['nl', 'pt-BR', 'en'])).toBe('pt')
  expect(spoken(null, ['ar-XB', 'en'])).toBe('ar-XB')
  expect(spoken(null, ['ar', 'nl'])).toBe('en')
})

test('numbers are written as in the place that the browser names, if it speaks the language', () => {
  expect(placesOf('de', ['en-GB', 'de-CH', 'fr'])).toEqual(['de-CH', 'de'])
  expect(new Intl.NumberFormat(placesOf('de', ['de-CH'])).format(12345.5)).toMatch(/^12[’']345\.5$/)
  expect(number(12345)).toBe('12,345')
})

/** `{name}` and the beginnings of plurals, whatever their order. */
const placeholders = (message = '') => [...new Set(message.match(/\{\w+(?=[,}])/g))].sort()

test('what happened lately is told by how long ago it was', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  const told = ['12:00:20', '11:59:30', '11:55:01', '09:30:00', '00:00:00'].map((time) =>
    ago(`2026-11-24T${time}Z`, now),
  )
  expect(told).toEqual(['this minute', 'this minute', '4 minutes ago', '2 hours ago', '12 hours ago'])
  expect(ago('2026-11-23T11:00:00Z', now)).toBe('yesterday')
  expect(ago('2026-11-10T11:00:00Z', now)).toMatch(/Nov 10, 2026/)
})
