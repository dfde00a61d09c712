// Variables that change what a program does: which code it loads, which program it starts, where it sends data
// (guardrails.md, 4.5). Programs read far more of these than any list has, so whole families count.
import { DIGITS } from './marks.ts'

const NAMES = new Set(
  [
    'PATH BASH_ENV ENV PROMPT_COMMAND PS0 PS1 PS2 PS3 PS4 IFS PAGER MANPAGER EDITOR VISUAL BROWSER HOME SHELL SHELLOPTS',
    'BASHOPTS USER LOGNAME PWD OLDPWD TMPDIR TMP TEMP HOSTNAME UID EUID CDPATH FPATH FCEDIT INPUTRC EXECIGNORE GLOBIGNORE',
    'HISTFILE TERMINFO TERMCAP LOCPATH NLSPATH ZDOTDIR NULLCMD READNULLCMD MAIL MAILPATH MAKE CC CXX LD AR path cdpath fpath',
    'functions aliases galiases saliases commands precmd_functions preexec_functions chpwd_functions',
    'prompt POSIXLY_CORRECT TIMEFORMAT ALL_PROXY FTP_PROXY all_proxy ftp_proxy',
  ].flatMap((text) => text.split(' ')),
)

const FAMILY = new RegExp(
  `^(?:${[
    'LD_|DYLD_|BASH_|GIT_|GCONV_|GLIBC_|MALLOC_|PYTHON[A-Z]|PIP_|NODE_(?:OPTIONS|PATH|REPL|EXTRA|TLS|V8)|NPM_CONFIG|npm_',
    'YARN_|PNPM_|PERL|RUBY(?:OPT|LIB|PATH)|GEM_|BUNDLE_|JAVA_|_JAVA|JDK_|MAVEN_|GRADLE_|CARGO_|RUST(?!_LOG$|_BACKTRACE$)',
    'GO(?:FLAGS|ROOT|PATH|PROXY|TOOLCHAIN|ENV|SUMDB|PRIVATE|BIN|DEBUG)|MAKE(?:FLAGS|FILES|_)|CMAKE_|LESS|MAN(?:PAGER|OPT|PATH|ROFF)',
    'SYSTEMD_|SSH_|GPG_|GNUPG|KUBE(?:CONFIG|CTL|_EDITOR|RC)|DOCKER_|CONTAINER|BUILDKIT|AWS_|GOOGLE_|CLOUDSDK_|AZURE_|ARM_|TF_',
    'HELM_|GH_|GITLAB_TOKEN|PG[A-Z]|PSQL|MYSQL_|MARIADB_|SQLITE|REDISCLI|MONGO|CURL_|WGETRC|RSYNC_|TAR_|GZIP$|XZ_|ZSTD_',
    'BZIP|UNZIP|ZIPOPT|ZIPINFO|GREP_|OPENSSL_|SSLKEY|SSL_|HTTPS?_PROXY|https?_proxy|XDG_|PHP|LUA_|R_(?:PROFILE|ENVIRON|LIBS)',
    'JULIA_|DENO_|BUN_|DOTNET_|COMPOSER_|ANSIBLE_|VAULT_|CONSUL_|NOMAD_|SUDO_|DISPLAY$|DBUS_|BAT_|RIPGREP_|FZF_|ACK|GROFF_',
    'TEX|LS_OPTIONS|PARALLEL|DEBUGINFOD|ASAN_|UBSAN_|GDB|QT_|GTK_',
  ].join('|')})`,
)

/** Endings that only tell something where the variable reaches another program. */
const EXPORTED =
  /(?:PAGER|EDITOR|BROWSER|_COMMAND|_CMD|_OPTS|_OPTIONS|OPTS|FLAGS|_PATH|PATH|_HOME|RC|_CONFIG|_CONF|_PRELOAD|_SHELL|_HOST|_PROXY|ASKPASS|_PROGRAM|_WRAPPER|_PLUGINS?|_DIR)$/

/** Members of those families that only choose a region, a colour, an account that is set up already. */
const HARMLESS = new Set(
  [
    'AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_DEFAULT_PROFILE AWS_DEFAULT_OUTPUT NODE_ENV GREP_COLOR GREP_COLORS',
    'PGDATABASE PGUSER PGPORT PGHOST PGPASSWORD PGCONNECT_TIMEOUT PGTZ PGAPPNAME MYSQL_PWD REDISCLI_AUTH MANWIDTH',
    'PYTHONUNBUFFERED PYTHONIOENCODING PYTHONDONTWRITEBYTECODE PIP_DISABLE_PIP_VERSION_CHECK GIT_PS1_SHOWDIRTYSTATE',
    'GIT_OPTIONAL_LOCKS GIT_TERMINAL_PROMPT JQ_COLORS SYSTEMD_COLORS CLOUDSDK_CORE_PROJECT',
    'DOCKER_TAG SSH_PORT GIT_BRANCH GIT_COMMIT GIT_SHA GIT_TAG PGID',
  ].flatMap((text) => text.split(' ')),
)

/** A pager that shows all at once. */
const PAGER = /PAGER$/
const NO_PAGER = /^(?:|cat|\/bin\/cat|\/usr\/bin\/cat)$/

/** Whether setting the variable may change what a program does; `isExported`: it certainly reaches another program. */
export function isDangerousVariable(name: string, value: string | undefined, isExported: boolean): boolean {
  if (HARMLESS.has(name)) return false
  if (PAGER.test(name) && value !== undefined && NO_PAGER.test(value)) return false
  return NAMES.has(name) || FAMILY.test(name) || (isExported && EXPORTED.test(name))
}

const SECRET =
  /(?:^|_)(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRETS?|TOKENS?|CREDENTIALS?|CREDS|API_?KEY|ACCESS_?KEY(?:_ID)?|PRIVATE_?KEY|SECRET_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|AUTH|DSN|DATABASE_URL|CONNECTION_STRING|COOKIE|PAT)(?:_|$)/i

/** Whether a variable by its name holds a secret. `PWD` and `OLDPWD` are folders. */
export function isSecretVariable(name: string): boolean {
  return name !== 'PWD' && name !== 'OLDPWD' && name !== 'SSH_AUTH_SOCK' && SECRET.test(name)
}

/** Variables that every session has, by what they look like. */
export const COMMON_VALUES: ReadonlyMap<string, string> = new Map([
  ['HOME', '~'],
  ['PWD', '.'],
  ['OLDPWD', '.'],
  ['USER', DIGITS],
  ['LOGNAME', DIGITS],
  ['HOSTNAME', DIGITS],
  ['TMPDIR', '/tmp'],
  ['SHELL', '/bin/sh'],
  ['PATH', '/usr/bin'],
  ['LANG', 'C'],
  ['TERM', 'xterm'],
  ['BASH_VERSION', '5'],
  ['OSTYPE', 'linux'],
  ['HOSTTYPE', 'x86'],
  ['MACHTYPE', 'x86'],
])

/** Variables that are whole numbers. */
export const NUMBERS: ReadonlySet<string> = new Set(
  '? # $ ! UID EUID PPID RANDOM SRANDOM SECONDS LINENO EPOCHSECONDS COLUMNS LINES SHLVL BASHPID OPTIND'.split(' '),
)
