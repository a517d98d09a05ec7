import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import type { Plugin } from 'vite'
import { theme } from './src/theme.ts'

const name = 'virtual:theme.css'

/** Mantine has 14 colors with 38 variables each, and the page needs few of them: of some, only shades. */
const unused =
  /^ *--mantine-color-((pink|grape|violet|blue|cyan|green|lime|orange)-|(teal|yellow|dark)-(text|light|outline|filled)).*\n/gm

/** What would write the variables in the browser. */
const writers = /MantineProvider[/\\](MantineCssVariables|MantineClasses)[/\\]\1\.mjs$/

/**
 * Writes the theme's CSS variables at build time.
 *
 * Mantine would put them into a `<style>` element in the browser, which `style-src 'self'` forbids. Its code for that is left
 * out.
 */
export function themeCss(): Plugin {
  return {
    name: 'theme-css',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      const writer = writers.exec(id)?.[1]
      if (writer) return `export const ${writer} = () => null`
      if (id !== `\0${name}`) return null
      const css = convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)))
      return css.replaceAll(';', ';\n').replace(unused, '')
    },
  }
}
