import { describe, expect, it } from 'vitest'
import { expectEverywhere, leaf, valuesIn } from '../../../test/support/masking/everywhere.ts'

describe('a value behind marks or on a line below', () => {
  it.each([
    'Password:\n    maple4821',
    'Password:\nmaple4821',
    'Password:\n\nmaple4821\n',
    'Password:\r\n\r\nmaple4821\r\nx',
    'Your new password is:\n\nmaple4821\n',
    'Your password is\nmaple4821',
    'Your password is\n\n  maple4821\n\nThanks',
    'Your new password is:\n\n    maple4821\n\nRegards',
    'Hi Ann,\n\nYour API key is:\n\n`maple4821`\n\nBye',
    'Your token is:\n\n```\nmaple4821\n```\n',
    '**Password:** maple4821',
    '**Password**: `maple4821`',
    '_Password:_ maple4821',
    'Password: **maple4821**',
    'Your password is **maple4821**.',
    '<b>Password:</b> maple4821',
    '<b>API key</b>: maple4821',
    '<strong>Password</strong>: maple4821',
    '<li>Password: maple4821</li>',
    '<li><b>Password:</b> <code>maple4821</code></li>',
    '<p>Your password is <b style="color: red">maple4821</b></p>',
    '<p>Password:<br/>maple4821</p>',
    '<tr><td>Password</td><td class="x">maple4821</td></tr>',
    '<td>Password:</td>\n                        <td>maple4821</td>',
    '<dt>Password</dt>\n  <dd>maple4821</dd>',
    'Password:&nbsp;maple4821',
  ])('%j', (text) => expectEverywhere(text, ['maple4821']))

  it('codes are found there too', () => {
    expectEverywhere('Your verification code is:\n\n692901\n\nIt is valid for 10 minutes.', ['692901'])
    expectEverywhere('<p>Your verification code is <b>692901</b></p>', ['692901'])
  })

  it.each([
    'Password:\n\nrequired',
    'Password:\n\n8 characters',
    'Your password is:\n\nIt must be 8 characters',
    'Your token is:\n\nsha256\n',
    'The password is:\n\n- stored in v12\n',
    'The token is\nv1beta1 of it',
    'The default password is\nadmin123 and it has to be changed',
    'The password is\nrequired',
    'password:\nuser1:\n  x: y',
    'case Token:\n\tnext12()\n',
    'secret:\n  $ref: x12\n',
    'token:\nconfig.auth12.token\n',
    'def f(password: **kwargs12)',
    '<label>Password:</label> <input id=pw12>',
    '<b>Password:</b> must be 8 chars',
    '<b>Token:</b> see below',
    '<th>Password</th><td>required</td>',
    '<td>Password</td><td>string</td>',
    '<td>token</td><td>The token12 that</td>',
    '<code>token</code> v1beta1 of it',
    '<h1><span>npm-token</span>\n<span class="version">@11.19.1</span></h1>',
    '<code>token</code> <code>v1beta1</code>',
    '<li>token</li><li>user12</li>',
    '<td>Tokens</td><td>maple4821</td>',
  ])('%j has none', (text) => expect(valuesIn(leaf(text))).toEqual([]))
})
