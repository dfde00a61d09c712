import { describe, expect, it } from 'vitest'
import { expectEverywhere, valuesIn } from '../../../test/support/masking/everywhere.ts'

describe('cells of tables of HTML', () => {
  it.each([
    [
      'under a name',
      '<table><tr><th>Name</th><th>Password</th></tr><tr><td>ann</td><td>maple</td></tr><tr><td>ben</td><td>hun ter</td></tr></table>',
      ['maple', 'hun ter'],
    ],
    [
      'with lines, attributes and parts of a table',
      '<table class="a">\n  <thead>\n    <tr>\n      <th scope="col">\n        Name\n      </th>\n      <th scope="col" data-x=\'1\'>\n        API Key\n      </th>\n    </tr>\n  </thead>\n  <tbody>\n    <tr class="b">\n      <td>ann</td>\n      <td class="c">\n        maple\n      </td>\n    </tr>\n  </tbody>\n</table>\n',
      ['maple'],
    ],
    [
      'with tags in the cells',
      '<table><tr><th><b>Name</b></th><th><span class="x">Password</span></th></tr><tr><td><a href="/u/1">ann</a></td><td><code>maple</code></td></tr></table>',
      ['maple'],
    ],
    [
      'in capitals',
      '<TABLE><TR><TH>ID</TH><TH>PASSWORD</TH></TR>\n<TR><TD>1</TD><TD>maple</TD></TR></TABLE>',
      ['maple'],
    ],
    [
      'without ends of cells',
      '<table><tr><th>ID<th>Password<tr><td>1<td>maple<tr><td>2<td>qwerty</table>',
      ['maple', 'qwerty'],
    ],
    [
      'without heads',
      '<table><tr><td>ID</td><td>User</td><td>Password</td></tr><tr><td>1</td><td>ann</td><td>maple</td></tr></table>',
      ['maple'],
    ],
    [
      'over columns and rows',
      '<table><tr><th colspan="2">Name</th><th>Password</th></tr><tr><td rowspan="2">1</td><td>ann</td><td>maple</td></tr><tr><td>ben</td><td>qwerty</td></tr></table>',
      ['maple', 'qwerty'],
    ],
    [
      'beside a name',
      '<table><tr><th>User</th><td>ann</td></tr><tr><th>Password</th><td>maple</td></tr></table>',
      ['maple'],
    ],
    ['beside a name with a colon', '<tr>\n<td>Password:</td>\n<td>maple4821</td>\n</tr>', ['maple4821']],
    [
      'beside two names',
      '<tr><th>Phone</th><td>4155550132</td><th>Password</th><td>maple</td></tr>',
      ['4155550132', 'maple'],
    ],
    [
      'in a second row',
      '<table><tr><td>User</td><td>ann</td></tr><tr><td>Password</td><td>maple</td></tr></table>',
      ['maple'],
    ],
    [
      'with quotes',
      '<table><tr><th>User</th><th>Password</th></tr><tr><td>a "b", c</td><td>ma"ple</td></tr></table>',
      ['ma"ple'],
    ],
    [
      'two names',
      '<table><tr><th>Email</th><th>Phone</th></tr><tr><td>ann@x.de</td><td>4155550132</td></tr></table>',
      ['ann@x.de', '4155550132'],
    ],
  ])('%s', (_, text, expected) => expectEverywhere(text, expected))

  it('are read where slashes are escaped', () => {
    const text = String.raw`{"t":"<tr><th>Password<\/th><td>maple4821<\/td><\/tr>"}`
    expect(valuesIn(text)).toEqual(['maple4821'])
  })

  it.each([
    '<table><tr><th>Name</th><th>Meaning</th></tr><tr><td>password</td><td>The password of the user</td></tr></table>',
    '<table><tr><td>password</td><td>string</td><td>The password4 of the user</td></tr></table>',
    '<tr><td>token</td><td>required</td></tr>',
    '<tr><td>Password</td><td><input type="password"/></td></tr>',
    '<p>Password</p><p>maple4821</p>',
    '<tr><th>Password</th><th>Token</th></tr>',
    '<table><tr><td>Password</td></tr><tr><td>Text of a page</td></tr></table>',
    '<tr><th>Password</th><td>****</td></tr>',
    '<tr><th>Password</th><td></td></tr>',
  ])('are not what only looks like one: %j', (text) => expectEverywhere(text, []))
})
