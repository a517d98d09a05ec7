import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import type { Plugin } from 'vite'
import { theme } from './src/theme.ts'

const name = 'virtual:theme.css'

/** Mantine has 14 colours with 38 variables each, and the page needs few of them. */
const unused = /^ *--mantine-color-(pink|grape|violet|blue|cyan|green|lime|orange)-.*\n/gm

/**
 * Writes the theme's CSS variables at build time.
 *
 * Mantine would put them into a `<style>` element in the browser, which `style-src 'self'` forbids.
 */
export function themeCss(): Plugin {
  return {
    name: 'theme-css',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null
      const css = convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)))
      return css.replaceAll(';', ';\n').replace(unused, '')
    },
  }
}
