import { describe, expect, it } from 'vitest'
import { secretFinder, textsOf } from '../../../test/support/masking/secret-finder.ts'

const find = secretFinder()

describe('the password in a statement that makes a user', () => {
  it.each([
    ["ALTER USER joe WITH PASSWORD 'x'", 'x'],
    ["alter role joe with encrypted password 'it''s x1';", "it''s x1"],
    ["CREATE ROLE joe LOGIN\nPASSWORD 'hunter2';", 'hunter2'],
    ["CREATE USER joe IDENTIFIED BY 'x';", 'x'],
    ["GRANT ALL ON db.* TO 'joe'@'%' IDENTIFIED BY 'hunter2'", 'hunter2'],
    ["CREATE USER 'joe'@'%' IDENTIFIED WITH mysql_native_password BY 'hunter2';", 'hunter2'],
    ['create user joe identified by "Ti ger";', 'Ti ger'],
    ['ALTER USER joe IDENTIFIED BY tiger;', 'tiger'],
  ])('is found in %j', (text, password) => {
    expect(textsOf(text, find(text))).toEqual([password])
    const json = JSON.stringify({ t: text })
    expect(textsOf(json, find(json, { raw: true }))).toEqual([password])
  })

  it.each([
    "ALTER USER joe WITH PASSWORD '$1'",
    "ALTER USER joe WITH PASSWORD '${PASSWORD}'",
    'GRANT ALL ON db.* TO x IDENTIFIED BY PASSWORD',
    'The record is identified by the user',
    "The record is identified by 'id'",
    "the field 'password 'x",
  ])('is not in %j', (text) => expect(find(text)).toEqual([]))
})
