// What `speak` asks of a browser, for tests that run without one.
Object.assign(globalThis, { localStorage: { getItem: () => null }, document: { documentElement: {} } })
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en-US'] } })
