import { NETWORK, NO_OPERANDS, program, tool, type Tool } from './program.ts'

const PACKAGE = /^[\w@./:*+~^=<>\x01-]+$/ // oxlint-disable-line no-control-regex -- the mark of a star
const named = { operand: PACKAGE }
const fromNetwork = { ...NETWORK, operand: PACKAGE }

const NPM =
  '-aglps --json --long --parseable --prod --production --dev --depth: --all --global --omit: --include: --package-lock-only --silent --loglevel: --workspaces --workspace: -w: --color: --no-color'
const PIP =
  '-ouqvef --outdated --uptodate --editable --local --user --format: --not-required --verbose --quiet --disable-pip-version-check --exclude: --all --files'
const APT =
  '-aqvi --all-versions --installed --upgradable --upgradeable --manual-installed --names-only --full --verbose --recurse --important --no-pager'

/** Package managers: only what lists, shows and searches. Many others run code of the package they look at. */
export const PACKAGE_TOOLS: Readonly<Record<string, Tool>> = {
  npm: tool('-g --global --silent', {
    'ls|list|la|ll|explain|why|outdated|root|bin|prefix|fund|query|pkg get': program('text', NPM, named),
    'view|info|show|v|search|find|ping|whoami|dist-tag ls|access list|team ls|audit': program(
      'text',
      `${NPM} --audit-level:`,
      {
        ...fromNetwork,
        operand: /^(?!fix$)[\w@./:*+~^=<>-]+$/,
      },
    ),
    'config get|get': program('text', '-g --global --json', {
      operand: /^(?!.*(?:auth|password|token))[\w@:/.-]+$/,
      operandsMax: 1,
    }),
    'help|version|run|run-script|config list|config ls': program('text', '--json -l -g', NO_OPERANDS),
  }),
  pnpm: tool('-g --global --silent', {
    'ls|list|la|ll|why|outdated|root|bin|licenses list': program('text', `${NPM} -r -D -P --recursive`, named),
    'view|info|audit': program('text', '--json --prod --dev --audit-level:', fromNetwork),
  }),
  yarn: tool('--silent -s', {
    'list|why|outdated|bin|licenses list|workspaces list|versions': program(
      'text',
      '--pattern: --depth: --json --prod --production --all -A -R',
      named,
    ),
    'info|audit': program('text', '--json --level: --groups:', fromNetwork),
  }),
  ...Object.fromEntries(
    ['pip', 'pip3', 'pipx'].map((name) => [
      name,
      tool('-q -v --disable-pip-version-check', {
        'list|show|freeze|check|cache dir|cache info|inspect|help': program('text', PIP, named),
        'index versions|search': program('text', '--pre --json', fromNetwork),
      }),
    ]),
  ),
  uv: tool('-q -v --quiet --verbose', {
    'pip list|pip show|pip freeze|pip tree|pip check|python list|tool list|version|cache dir': program(
      'text',
      `${PIP} --depth: --json`,
      named,
    ),
  }),
  conda: tool('', {
    'list|info|env list|search': program('text', '-aef -n: --json --envs --name: --export --all', named),
  }),
  apt: tool('-q', {
    'list|show|search|policy|depends|rdepends|showsrc': program('text', APT, named),
  }),
  'apt-cache': tool('-q', {
    'show|search|policy|depends|rdepends|madison|pkgnames|showpkg|stats|showsrc': program('text', `${APT} -n`, named),
  }),
  'apt-mark': tool('', { 'showhold|showauto|showmanual': program('text', '', named) }),
  brew: tool('-q -v', {
    'list|ls|info|search|outdated|deps|leaves|uses|config|doctor|desc|tap-info|services list': program(
      'text',
      '-1lrtqv --formula --formulae --cask --casks --versions --json:? --full-name --installed --tree --verbose --pinned --quiet --eval-all',
      named,
    ),
  }),
  snap: tool('', {
    'list|info|find|version|services|connections|changes': program(
      'text',
      '--all --verbose --unicode: --color:',
      named,
    ),
  }),
  flatpak: tool('', {
    'list|info|search|remotes|history': program('text', '--app --runtime --columns: --user --system -d', named),
  }),
  gem: tool('', {
    'list|search|info|environment|which|outdated|contents|dependency|help': program(
      'text',
      '-adlr --local --remote --all --details --exact --versions',
      named,
    ),
  }),
  cargo: tool('-q -v --quiet --verbose --offline --locked', {
    'tree|metadata|search|pkgid|locate-project|help|version|install --list': program(
      'text',
      '-adeiq -p: --all-features --no-default-features --features: --depth: --duplicates --invert:? --package: --workspace --edges: --format-version: --no-deps --offline --locked --limit: --frozen',
      named,
    ),
  }),
  rustup: tool('', {
    'show|toolchain list|target list|component list|check|which': program('text', '-v --verbose --installed', named),
  }),
  go: tool('', {
    'version|help|doc': program('text', '-all -src -short -cmd -u -m -v', { isSingle: true, operand: PACKAGE }),
    env: program('text', '-json -changed', { isSingle: true, operand: /^[A-Z_]+$/ }),
    'list|mod graph|mod why|mod verify': program('text', '-m -json -f: -deps -test -u -versions -retracted -e -find', {
      isSingle: true,
      operand: PACKAGE,
    }),
  }),
  dotnet: tool('', { '': program('text', '--info --list-sdks --list-runtimes --version', NO_OPERANDS) }),
  dpkg: tool('--no-pager', {
    '': program(
      'names',
      '-lLsSpCV --list --listfiles --status --search --print-avail --audit --verify --get-selections --print-architecture --print-foreign-architectures --compare-versions',
    ),
  }),
  'dpkg-query': tool('--no-pager', {
    '': program(
      'names',
      '-lLsSpWc -f: --list --listfiles --status --search --show --showformat: --print-avail --control-list --control-show --no-pager',
    ),
  }),
  rpm: tool('', {
    '': program(
      'names',
      '-qailfpcdRvV --query --all --info --list --file --package --configfiles --docfiles --requires --provides --whatprovides: --whatrequires: --changelog --scripts --last --qf: --queryformat: --verify -K --checksig --nosignature',
      { requires: ['-q', '--query', '-V', '--verify', '-K', '--checksig'] },
    ),
  }),
  ...Object.fromEntries(
    ['yum', 'dnf'].map((name) => [
      name,
      tool('-qyC --quiet --cacheonly', {
        'list|info|search|repolist|repoquery|check-update|provides|whatprovides|deplist|history list|history info|module list|group list|updateinfo list':
          program(
            'text',
            '-qvCl --installed --available --updates --all --showduplicates --quiet --enabled --disabled --requires --list',
            named,
          ),
      }),
    ]),
  ),
  zypper: tool('-qn --quiet --non-interactive', {
    'search|se|info|if|list-updates|lu|repos|lr|packages|pa|patches': program(
      'text',
      '-isudtv --installed-only --details',
      named,
    ),
  }),
  apk: tool('-q', {
    'list|info|search|version|policy|stats': program(
      'text',
      '-aeILduvwWRPrs --installed --upgradable --all --exact',
      named,
    ),
  }),
  pacman: tool('', {
    '': program('names', '-QSiqlseuntkodmgch --query --search --info --list --foreign --explicit --native --deps', {
      operand: PACKAGE,
      requires: ['-Q', '--query', '-s', '--search', '-i', '--info', '-l', '-g'],
    }),
  }),
  pyenv: tool('', { 'versions|version|which|root|prefix|global|local': program('text', '--bare', NO_OPERANDS) }),
  rbenv: tool('', { 'versions|version|which|root|prefix|global|local': program('text', '--bare', NO_OPERANDS) }),
  fnm: tool('', { 'list|ls|current|list-remote': program('text', '', NO_OPERANDS) }),
  poetry: tool('-nq --no-interaction --no-ansi', {
    'show|check|env info|env list|version|about': program(
      'text',
      '-tlo --tree --latest --outdated --path --all --only: --short -s',
      { operand: /^[\w.-]+$/, operandsMax: 0 },
    ),
  }),
  pm2: tool('', {
    'list|ls|l|status|show|info|describe|jlist|prettylist|ping': program('text', '-sm', named),
    logs: program('text', '-f --lines: --nostream --raw --err --out', named),
  }),
  supervisorctl: tool('', { 'status|avail|pid|version': program('text', '', { operand: /^[\w:*.-]+$/ }) }),
}
