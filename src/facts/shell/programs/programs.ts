import { DATA_TOOLS } from './data-tools.ts'
import { FILE_TOOLS } from './files.ts'
import { NETWORK_TOOLS } from './network.ts'
import { PACKAGE_TOOLS } from './packages.ts'
import { spread, type Program, type Tool } from './program.ts'
import { SERVICE_TOOLS } from './services.ts'
import { SYSTEM_TOOLS } from './system.ts'
import { TEXT_TOOLS } from './text-tools.ts'

/** Programs that read, each with the options that leave it that way. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map(
  Object.entries({ ...TEXT_TOOLS, ...FILE_TOOLS, ...SYSTEM_TOOLS, ...NETWORK_TOOLS, ...DATA_TOOLS }),
)

/** Programs of which some sub-commands read. */
export const TOOLS: ReadonlyMap<string, Tool> = new Map(Object.entries({ ...PACKAGE_TOOLS, ...SERVICE_TOOLS }))

/** Words that, standing alone, ask for nothing but a version; `-v` of some others means something else. */
export const VERSIONED: ReadonlyMap<string, readonly string[]> = spread<readonly string[]>(
  {
    'python python2 python3 pypy pypy3': ['--version', '-V', '--help', '-h'],
    'node deno bun npm pnpm yarn npx tsc': ['--version', '-v', '--help'],
    'ruby perl': ['--version', '-v', '-V', '--help'],
    php: ['--version', '-v', '-m', '--help'],
    'gem irb pod': ['--version', '-v'],
    'java javac': ['-version', '--version'],
    'go terraform packer vault consul nomad zig openssl git-lfs': ['version', '--version'],
    'cargo rustc rustup rustfmt clippy-driver wasm-pack tmux': ['--version', '-V'],
    'gcc g++ cc clang clang++ make gmake mvn gradle meson kotlin kotlinc': [
      '--version',
      '-v',
      '-version',
      '-dumpversion',
      '-dumpmachine',
    ],
    'ld as cmake ninja bazel ant sbt swift scala bundle rake': ['--version', '-version'],
    'dotnet julia R Rscript ghc stack cabal elixir mix opam nim dart flutter': ['--version'],
    'lua luajit': ['-v'],
    'erl ocaml': ['-version'],
    'bash sh zsh fish ksh dash': ['--version'],
    'psql mysql mariadb mongosh mongod mongo pg_dump pg_isready mysqldump postgres': ['--version', '-V'],
    'sqlite3 redis-cli redis-server': ['--version', '-version'],
    'nginx httpd apache2 apachectl haproxy': ['-v', '-V', '--version'],
    'caddy envoy': ['version', '--version'],
    ssh: ['-V'],
    'curl wget gpg rsync tar gzip zip unzip jq yq': ['--version', '-V', '--help'],
    'awk gawk sed find xargs less man vim nano screen': ['--version', '--help'],
    'ansible ansible-playbook vagrant conda poetry pipenv uv pip pip3 tox pytest black ruff mypy eslint prettier jest webpack vite brew':
      ['--version'],
    'docker-compose kustomize k9s minikube kind eksctl argocd flux istioctl skaffold tilt stern kubectx': [
      '--version',
      'version',
    ],
    'sudo rm cp mv dd ln tee kill mount systemctl journalctl ffmpeg convert pandoc': [
      '--version',
      '-version',
      '--help',
    ],
  },
  ' ',
)
