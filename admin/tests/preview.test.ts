import { describe, expect, test } from 'vitest'
import { look, pasted, recognized } from '../src/jobs/preview'

const file = (content: BlobPart, name = 'customers.csv') => new File([content], name)

describe('what stands in a file', () => {
  test.each([
    ['email,first_name\nada@mail.example,Ada\n', ','],
    ['email;first_name\nada@mail.example;Ada\n', ';'],
    ['email\tfirst_name\nada@mail.example\tAda\n', 'tabs'],
    ['\ufeffemail,first_name\r\nada@mail.example,Ada\r\n', 'a mark of its encoding'],
  ])('%j: columns and rows, with %s', async (content) => {
    const { preview, contentType } = await look(file(content))
    expect(contentType).toBe('text/csv')
    expect(preview.columns).toEqual([
      { name: 'email', use: 'customer' },
      { name: 'first_name', use: 'profile' },
    ])
    expect(preview.rows).toEqual([['ada@mail.example', 'Ada']])
  })
  test('columns are recognized however they are written, and others are not used', async () => {
    const { preview } = await look(file('E-Mail Address,First name,Ends at,Shoe size\nada@mail.example,Ada,,38\n'))
    expect(preview.columns.map(({ use }) => use)).toEqual(['customer', 'profile', 'terms', 'none'])
    expect(recognized(preview)).toEqual(['E-Mail Address'])
  })
  test('the first rows are enough', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `ada${at}@mail.example`)
    const { preview } = await look(file(['email', ...lines].join('\n')))
    expect(preview.rows).toEqual(lines.slice(0, 5).map((line) => [line]))
  })
  test('a list without a heading', async () => {
    const { preview } = await look(file('ada@mail.example\ngrace@mail.example\n'))
    expect(preview.columns).toEqual([{ name: 'value', use: 'customer' }])
    expect(preview.rows).toHaveLength(2)
  })
  test('what keeps a cell from being a formula is no part of it', async () => {
    const { preview } = await look(file('value,note\nada@mail.example,"\'=1+1"\n'))
    expect(preview.rows).toEqual([['ada@mail.example', '=1+1']])
  })
  test('JSON lines', async () => {
    const content = '{"email":"ada@mail.example","tags":["a"]}\n{"email":"grace@mail.example","has_account":true}\n'
    const { preview, contentType } = await look(file(content, 'customers.jsonl'))
    expect(contentType).toBe('application/x-ndjson')
    expect(preview.columns.map(({ name }) => name)).toEqual(['email', 'tags', 'has_account'])
    expect(preview.rows[1]).toEqual(['grace@mail.example', '', 'true'])
  })
  test('JSON lines, each with columns of its own', async () => {
    const { preview } = await look(file('"ada@mail.example"\n{"email":["grace@mail.example"]}\n', 'customers.jsonl'))
    expect(preview.rows).toEqual([
      ['ada@mail.example', ''],
      ['', '["grace@mail.example"]'],
    ])
  })
  test('JSON lines as long as the service takes them', async () => {
    const long = JSON.stringify({ email: 'ada@mail.example', note: 'x'.repeat(500_000) })
    const { preview } = await look(file(`\ufeff${long}\n${long}\n`, 'customers.jsonl'))
    expect(recognized(preview)).toEqual(['email'])
    expect(preview.rows[0]?.[0]).toBe('ada@mail.example')
  })
  test.each([
    ['email;"name, first, last"\nada@mail.example;Ada\n', ['email', 'name, first, last']],
    ['"say ""a,b"", or ""c,d""";email\nAda;ada@mail.example\n', ['say "a,b", or "c,d"', 'email']],
    ['\n\r\n  \nemail;name\nada@mail.example;Ada\n', ['email', 'name']],
    ['sep=;\nemail;note, of, anybody\nada@mail.example;none\n', ['email', 'note, of, anybody']],
    ['SEP=|\r\nemail|name\r\nada@mail.example|Ada; Countess\r\n', ['email', 'name']],
    ['"the\nname, in, two";email\nAda;ada@mail.example\n', ['the\nname, in, two', 'email']],
  ])('%j: the delimiter is what separates the cells of the header', async (content, names) => {
    const { preview } = await look(file(content))
    expect(preview.columns.map(({ name }) => name)).toEqual(names)
    expect(preview.rows).toHaveLength(1)
    expect(preview.rows[0]).toContain('ada@mail.example')
  })
  test('a carriage return inside a quoted cell is part of it', async () => {
    const { preview } = await look(file('email,first_name\r\nada@mail.example,"Ada\rLovelace"\r\n'))
    expect(preview.rows).toEqual([['ada@mail.example', 'Ada\rLovelace']])
  })
  test('an export of groups says so', async () => {
    const { preview } = await look(
      file('record,group_id,group_name,customer_id,email\ncustomer_group,cusgroup_1,VIP,,\n'),
    )
    expect(preview.isExport).toBe(true)
  })
})

describe('what is no list of customers is refused before it is sent', () => {
  test.each([
    ['', /empty/],
    [' \n \n', /empty/],
    [new Uint8Array([0x50, 0x4b, 3, 4, 0]), /spreadsheet/],
    [new Uint8Array([0x1f, 0x8b, 8, 0]), /compressed/],
    [new Uint8Array([0xff, 0xfe, 0x65, 0]), /UTF-8/],
    [new Uint8Array([0x47, 0xf6, 0x74]), /UTF-8/],
    ['email\nada\0@mail.example\n', /UTF-8/],
    ['{"email": "ada@mail', /JSON/],
    ['email,first_name\rada@mail.example,Ada\r', /carriage returns/],
    [`{"note": "${'x'.repeat(1_000_000)}"}\n`, /longer than 1 MB/],
  ])('%j', async (content, complaint) => {
    await expect(look(file(content))).rejects.toThrow(complaint)
  })
  test('a list with carriage returns alone', async () => {
    await expect(look(file('ada@mail.example\rgrace@mail.example\r', 'list.txt'))).rejects.toThrow(/carriage returns/)
  })
})

describe('a list that was pasted', () => {
  test.each([
    ['ada@mail.example\ngrace@mail.example', 'text/plain'],
    ['ada@mail.example, grace@mail.example', 'text/plain'],
    ['4711\n4712', 'text/plain'],
    ['email\tfirst_name\nada@mail.example\tAda', 'text/csv'],
  ])('%j is %s', async (text, contentType) => {
    expect((await look(pasted(text))).contentType).toBe(contentType)
  })
  test('on one line becomes a line for each', async () => {
    const { preview } = await look(pasted('ada@mail.example; cus_1; key:42'))
    expect(preview.rows.flat()).toEqual(['ada@mail.example', 'cus_1', 'key:42'])
  })
})
