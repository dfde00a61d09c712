import { NO_OPERANDS, program, tool, type Tool } from './program.ts'

const UNIT = /^[\w@.:\\*\x01-]+$/ // oxlint-disable-line no-control-regex -- the mark of a star
const unit = { operand: UNIT }
const SYSTEMCTL =
  '-alqr -t: -p: -n: -o: -P: --no-pager --all --full --type: --state: --user --system --failed --lines: --output: --property: --value --quiet --plain --no-legend --legend: --reverse --recursive --with-dependencies --show-types --no-ask-password'

/** Managers of services, time, networks and logins: only what shows. `-H` and `-M` speak to other machines. */
export const SERVICE_TOOLS: Readonly<Record<string, Tool>> = {
  systemctl: tool(SYSTEMCTL, {
    'status|is-active|is-enabled|is-failed|show|cat|list-units|list-unit-files|list-timers|list-sockets|list-jobs|list-dependencies|list-machines|get-default|is-system-running|help':
      program('text', SYSTEMCTL, unit),
    '': program('text', SYSTEMCTL, NO_OPERANDS),
  }),
  journalctl: tool('', {
    '': program(
      'text',
      '-b:? -n:? -# -maxferqk -S: -U: -u: -t: -p: -g: -o: -N -F: --system --user --no-pager --list-boots --disk-usage --header --boot:? --unit: --user-unit: --identifier: --priority: --grep: --case-sensitive:? --dmesg --since: --until: --lines: --output: --output-fields: --reverse --utc --no-hostname --no-full --full --all --follow --no-tail --quiet --catalog --merge --facility: --fields --field: --pager-end --after-cursor: --cursor: --show-cursor --verify',
      { operand: /^(?:[A-Z_]+=.*|-?\d+|\+|\/usr\/.*)$/ },
    ),
  }),
  timedatectl: tool('--no-pager', {
    '|status|show|list-timezones|timesync-status|show-timesync': program(
      'text',
      '-a -p: --all --property: --value --no-pager',
      NO_OPERANDS,
    ),
  }),
  hostnamectl: tool('', {
    '|status|hostname|chassis|deployment|location|icon-name': program(
      'text',
      '--static --transient --pretty --json:',
      NO_OPERANDS,
    ),
  }),
  localectl: tool('--no-pager', { '|status|list-locales|list-keymaps': program('text', '--no-pager', NO_OPERANDS) }),
  loginctl: tool('--no-pager', {
    '|list-sessions|list-users|list-seats|session-status|user-status|show-session|show-user|seat-status': program(
      'text',
      '-la -p: --no-pager --full --all --property: --value',
      { operand: /^\w+$/ },
    ),
  }),
  resolvectl: tool('--no-pager', {
    '|status|statistics|dns|domain|query|service': program('text', '-46 -i: -t: --no-pager', {
      operand: /^[\w.:-]+$/,
      operandsMax: 1,
      verbs: ['read', 'network'],
    }),
  }),
  networkctl: tool('--no-pager', {
    '|list|status|lldp': program('text', '-as --all --stats --no-pager --no-legend', { operand: UNIT }),
  }),
  coredumpctl: tool('--no-pager', {
    '|list': program('text', '-r1 --no-pager --no-legend --reverse', { operand: /^\w+$/ }),
  }),
  'systemd-analyze': tool('--no-pager', {
    '|time|blame|critical-chain|dump|unit-paths|calendar|timespan|timestamp': program(
      'text',
      '--no-pager --user --system',
      { operand: /^[\w@.: *:,/-]+$/ },
    ),
  }),
  'systemd-cgls': tool('', { '': program('text', '-alk -u: --no-pager --all --full', { operandsMax: 0 }) }),
  nmcli: tool('-tp -c: -f: -g: -m: --terse --pretty --fields: --get-values: --colors:', {
    '|general|general status|device|device status|device show|dev|dev status|dev show|d|connection|connection show|con|con show|c|c show|networking connectivity|radio':
      program('text', '', { operandsMax: 1, operand: /^(?!up$|down$|on$|off$)[\w.:-]+$/ }),
  }),
  'firewall-cmd': tool('', {
    '': program(
      'text',
      '--list-all --list-ports --list-services --list-all-zones --state --get-zones --get-default-zone --get-active-zones --zone: --version',
      NO_OPERANDS,
    ),
  }),
  ufw: tool('', { 'status|version|show raw|app list': program('text', '', { operand: /^(?:verbose|numbered)$/ }) }),
  iptables: tool('', {
    '': program('text', '-LnvS -t: --list:? --numeric --verbose --line-numbers --list-rules:? --table:', {
      operandsMax: 1,
      operand: /^[A-Z_]+$/,
      requires: ['-L', '-S', '--list', '--list-rules'],
    }),
  }),
  ip6tables: tool('', {
    '': program('text', '-LnvS -t: --list:? --numeric --verbose --line-numbers --list-rules:? --table:', {
      operandsMax: 1,
      operand: /^[A-Z_]+$/,
      requires: ['-L', '-S', '--list', '--list-rules'],
    }),
  }),
  launchctl: tool('', { 'list|version|blame|managername': program('text', '', { operand: /^[\w./-]+$/ }) }),
  diskutil: tool('', { 'list|info|apfs list': program('text', '', { operand: /^[\w/]+$/ }) }),
  defaults: tool('', { 'read|domains|find': program('text', '-g', { operand: /^[\w.-]+$/ }) }),
  sysctl: tool('', {
    '': program('text', '-anNeqbxdA --all --values --names --ignore --pattern:', {
      operand: /^(?!.*\.\.)[a-z][\w./*-]*$/,
    }),
  }),
  dmesg: tool('', {
    '': program(
      'text',
      '-HJkLPprSuxdeTtw -f: -l: -s: -W --facility: --human --json --kernel --color:? --level: --nopager --raw --syslog --userspace --decode --show-delta --reltime --ctime --notime --time-format: --since: --until: --follow',
      NO_OPERANDS,
    ),
  }),
  crontab: tool('', { '': program('text', '-l -u:', { operandsMax: 0, requires: ['-l'] }) }),
  atq: tool('', { '': program('text', '-q: -V', NO_OPERANDS) }),
  mount: tool('', { '': program('text', '-lv -t: --show-labels --types:', NO_OPERANDS) }),
  losetup: tool('', { '': program('text', '-alJ --all --list --json -O: --output:', NO_OPERANDS) }),
  pvs: tool('', { '': program('text', '-av -o: --all --units:', { operandsMax: 0 }) }),
  vgs: tool('', { '': program('text', '-av -o: --all --units:', { operandsMax: 0 }) }),
  lvs: tool('', { '': program('text', '-av -o: --all --units:', { operandsMax: 0 }) }),
  nft: tool('-anjs --handle --json --numeric', {
    'list ruleset|list tables|list chains|list sets': program('text', '', NO_OPERANDS),
    'list table|list chain|list set': program('text', '', { operand: /^[\w-]+$/ }),
  }),
  bridge: tool('-sdjp', {
    'link|link show|fdb show|vlan show|mdb show': program('text', '', { operand: /^[\w.-]+$/ }),
  }),
  'fail2ban-client': tool('', { 'status|ping|version': program('text', '', { operand: /^[\w-]+$/ }) }),
  certbot: tool('', { certificates: program('text', '-d: --cert-name:', NO_OPERANDS) }),
  rabbitmqctl: tool('-qs -n: -p: --quiet --silent --node: --vhost:', {
    'status|cluster_status|list_queues|list_exchanges|list_bindings|list_connections|list_channels|list_consumers|list_vhosts|list_users':
      program('text', '-p: --vhost: --formatter:', { operand: /^\w+$/ }),
  }),
  mysqladmin: tool('-h: -P: -u: -p:? -S: --host: --port: --user: --password:? --socket:', {
    'status|ping|version|processlist|variables|extended-status': program('text', '-h: -P: -u: -p:? -S:', NO_OPERANDS),
  }),
  nvm: tool('', { 'ls|list|current|version|ls-remote|which': program('text', '', { operand: /^[\w./-]+$/ }) }),
  asdf: tool('', { 'list|current|plugin list|where|which|latest|info': program('text', '', { operand: /^[\w.-]+$/ }) }),
  minikube: tool('-p: --profile:', {
    'status|ip|version|profile list|addons list': program('text', '-o: --output:', NO_OPERANDS),
  }),
  kind: tool('', { 'get clusters|get nodes': program('text', '--name:', NO_OPERANDS) }),
  vault: tool('', { 'status|version': program('text', '-format: -address:', { isSingle: true, operandsMax: 0 }) }),
  zpool: tool('', { 'list|status|history|iostat|get': program('text', '-Hpvx -o:', { operand: /^[\w./,-]+$/ }) }),
  zfs: tool('', { 'list|get': program('text', '-Hpr -t: -o: -s: -S: -d:', { operand: /^[\w./@,-]+$/ }) }),
}
