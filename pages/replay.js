import { bodyOf, make, textOf, tree } from './safe-text.js'

// The replay page: the player, its keys, the list of events and the detail of one. What recorded text becomes is said in
// safe-text.js, and only there.
const { events, session, shown_us: shownUs } = JSON.parse(document.getElementById('data').textContent)
const state = { at: 0, clockUs: 0, playing: false, speed: 1, search: '', last: 0 }
const MARKS = ['masked', 'denied', 'approved', 'failed']
const ARROW = { client: '◀', server: '▶', gateway: '●' }

function next(standIn) {
  for (let i = 1; i <= events.length; i += 1) {
    const index = (state.at + i) % events.length
    const { request, response } = events[index]
    if ([request, response].some((body) => body?.text.includes(standIn))) return show(index)
  }
  return undefined
}

function titleOf({ kind, method, target }) {
  return method === undefined ? kind : `${method} ${target ?? ''}`
}

function badges({ effect, rule, status, masked, integrity }) {
  const found = []
  if (effect !== undefined) found.push([effect === 'allow' ? 'good' : 'bad', `${effect} by ${rule}`])
  if (status !== undefined) found.push([status === 'ok' ? 'good' : 'bad', status])
  for (const [kind, count] of Object.entries(masked)) found.push(['warn', `masked ${kind} ${count}`])
  if (integrity !== 'verified') found.push(['bad', integrity.toUpperCase()])
  return found.map(([style, text]) => make('span', { className: `badge ${style}` }, ...textOf(text)))
}

function two(n) {
  return String(n).padStart(2, '0')
}

function clockText(us) {
  const ms = Math.max(0, Math.floor(us / 1000))
  return `${two(Math.floor(ms / 60000))}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
}

const rows = events.map((event, index) => {
  const lanes = make('span', {
    className: `lanes ${event.from}-${event.to} ${event.marks.includes('denied') ? 'bad' : ''}`,
  })
  lanes.append(make('i'), make('b', { textContent: event.marks.includes('denied') ? '✕' : ARROW[event.to] }))
  return make(
    'li',
    { id: `seq-${event.seq}`, title: `${event.from} to ${event.to}, record ${event.seq}`, onclick: () => show(index) },
    make('span', { textContent: clockText(event.at - events[0].at) }),
    lanes,
    make('span', {}, ...textOf(titleOf(event)), ...badges(event)),
  )
})

const range = make('input', {
  type: 'range',
  min: 0,
  max: shownUs.at(-1) ?? 0,
  value: 0,
  step: 1000,
  ariaLabel: 'time',
})
const play = make('button', { textContent: 'Play', onclick: () => toggle() })
const speed = make('select', { ariaLabel: 'speed', onchange: () => (state.speed = Number(speed.value)) })
for (const times of [0.5, 1, 2, 4, 8, 16])
  speed.append(make('option', { value: times, textContent: `${times}×`, selected: times === 1 }))
const search = make('input', { type: 'search', placeholder: 'find in this session  (/)', ariaLabel: 'find' })
const detail = make('section', { className: 'detail' })
const place = make('span')

function listed(counts) {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

function line(...words) {
  return make('p', {}, ...textOf(words.filter((word) => word !== undefined && word !== '').join(' · ')))
}

function header() {
  const { id, who, connection, client, era, basis, first, last, records, calls, marks, masked, integrity, origin } =
    session
  const whole = Object.keys(integrity).every((one) => one === 'verified')
  const badge = make('span', {
    className: `badge ${whole ? 'good' : 'bad'}`,
    textContent: whole ? 'every record opens its commitment' : listed(integrity),
  })
  return make(
    'header',
    {},
    make('h1', {}, `Session ${id} `, badge),
    line(who, connection, client, `${era} era`, `session by ${basis}`, `${first} to ${last}`),
    line(
      `${records} records`,
      `${calls} calls`,
      listed(marks),
      Object.keys(masked).length > 0 ? `hidden: ${listed(masked)}` : '',
      `stream ${origin}`,
    ),
  )
}

function showDetail(event) {
  const pair = events.find((one) => one !== event && (one.of === event.seq || one.seq === event.of))
  const facts = make('dl')
  for (const [name, value] of Object.entries({
    time: event.time,
    kind: event.kind,
    who: event.who,
    decision: event.effect,
    rule: event.rule,
    reason: event.reason,
    policy: event.policy,
    status: event.status,
    detail: event.detail,
    took: event.took_us === undefined ? undefined : `${event.took_us / 1000} ms`,
    record: `${event.seq}, ${event.integrity}`,
  }))
    if (value !== undefined) facts.append(make('dt', { textContent: name }), make('dd', {}, ...textOf(String(value))))
  const whole = make(
    'details',
    {},
    make('summary', { textContent: 'envelope' }),
    make('div', { className: 'tree' }, tree(event.envelope)),
  )
  detail.replaceChildren(
    make('h2', {}, ...textOf(titleOf(event)), ...badges(event)),
    facts,
    make(
      'div',
      { className: 'bodies' },
      bodyOf('request', event.request ?? pair?.request),
      bodyOf('response', event.response ?? pair?.response),
    ),
    whole,
  )
}

function show(index, keepClock = false) {
  if (events.length === 0) return
  state.at = Math.min(Math.max(index, 0), events.length - 1)
  if (!keepClock) state.clockUs = shownUs[state.at]
  const event = events[state.at]
  for (const [i, row] of rows.entries()) {
    row.classList.toggle('now', i === state.at)
    row.classList.toggle('later', i > state.at)
  }
  rows[state.at].scrollIntoView({ block: 'nearest' })
  range.value = String(state.clockUs)
  place.textContent = `${state.at + 1} of ${events.length}`
  showDetail(event)
  history.replaceState(undefined, '', `#seq=${event.seq}`)
}

function toggle() {
  state.playing = !state.playing
  play.textContent = state.playing ? 'Pause' : 'Play'
  if (state.playing && state.at === events.length - 1) show(0)
  state.last = performance.now()
  if (state.playing) requestAnimationFrame(tick)
}

function tick(now) {
  if (!state.playing) return
  state.clockUs += (now - state.last) * 1000 * state.speed
  state.last = now
  const index = shownUs.findLastIndex((us) => us <= state.clockUs)
  if (index === state.at) range.value = String(state.clockUs)
  else show(index, true)
  if (state.clockUs >= shownUs.at(-1)) toggle()
  else requestAnimationFrame(tick)
}

function jump(step, marks = MARKS) {
  for (let i = state.at + step; i >= 0 && i < events.length; i += step)
    if (events[i].marks.some((mark) => marks.includes(mark))) return show(i)
  return undefined
}

const KEYS = {
  ' ': toggle,
  '.': () => show(state.at + 1),
  ',': () => show(state.at - 1),
  ArrowRight: () => show(state.at + 1),
  ArrowDown: () => show(state.at + 1),
  ArrowLeft: () => show(state.at - 1),
  ArrowUp: () => show(state.at - 1),
  Home: () => show(0),
  End: () => show(events.length - 1),
  n: () => jump(1),
  p: () => jump(-1),
  m: () => jump(1, ['masked']),
  d: () => jump(1, ['denied']),
  a: () => jump(1, ['approved']),
  f: () => jump(1, ['failed']),
  '/': () => search.focus(),
}

// A stand-in leads to the next place where it stands.
document.addEventListener('click', ({ target }) => {
  if (target.className === 'stand-in') next(target.textContent)
})
document.addEventListener('keydown', (event) => {
  if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined
  if (act === undefined) return
  event.preventDefault()
  act()
})
search.addEventListener('input', () => {
  const wanted = search.value.toLowerCase()
  for (const [i, row] of rows.entries())
    row.hidden = wanted !== '' && !JSON.stringify(events[i]).toLowerCase().includes(wanted)
})
range.addEventListener('input', () => {
  state.clockUs = Number(range.value)
  show(
    Math.max(
      0,
      shownUs.findLastIndex((us) => us <= state.clockUs),
    ),
    true,
  )
})

const help = make('span', {
  textContent: 'space plays, , and . step, n and p next and previous of: m masked, d denied, a approved, f failed',
})
const heads = make(
  'div',
  { className: 'heads' },
  make('span', { textContent: 'time' }),
  make('span', {}, ...['client', 'gateway', 'server'].map((name) => make('span', { textContent: name }))),
  make('span', { textContent: 'what' }),
)
document.body.append(
  header(),
  make('div', { className: 'controls' }, play, speed, range, place, search, help),
  make('div', { className: 'columns' }, make('div', {}, heads, make('ol', { className: 'events' }, ...rows)), detail),
)

function fromAddress() {
  const [, name, value] = /^#(seq|t)=(\d+(?:\.\d+)?)$/.exec(location.hash) ?? []
  if (name === 'seq') return events.findIndex(({ seq }) => seq === Number(value))
  return name === 't' ? shownUs.findLastIndex((us) => us <= Number(value) * 1e6) : 0
}
show(Math.max(0, fromAddress()))
