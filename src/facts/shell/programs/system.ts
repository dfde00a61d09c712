import { HARMLESS, NO_OPERANDS, program, type Program } from './program.ts'

const NAME = /^[\w@.:%+-][\w@.:%+/-]*$/

/** Programs that tell about the machine, its users, processes and devices. */
export const SYSTEM_TOOLS: Readonly<Record<string, Program>> = {
  uname: program(
    'text',
    '-asnrvmpio --all --kernel-name --nodename --kernel-release --kernel-version --machine --processor --hardware-platform --operating-system',
    NO_OPERANDS,
  ),
  arch: program('text', '', NO_OPERANDS),
  nproc: program('text', '--all --ignore:', NO_OPERANDS),
  uptime: program('text', '-ps --pretty --since', NO_OPERANDS),
  whoami: program('text', '', NO_OPERANDS),
  logname: program('text', '', NO_OPERANDS),
  tty: program('text', '-s --silent --quiet', NO_OPERANDS),
  users: program('text', '', NO_OPERANDS),
  id: program('text', '-aZgGnruzpP --context --group --groups --name --real --user --zero', HARMLESS),
  groups: program('text', '', HARMLESS),
  who: program(
    'text',
    '-abdHlmpqrstTwu --all --boot --dead --heading --ips --login --lookup --process --count --runlevel --short --time --mesg --users',
    HARMLESS,
  ),
  w: program('text', '-hsfoiu --no-header --no-current --short --from --old-style --ip-addr', HARMLESS),
  last: program(
    'text',
    '-adFiRwx -# -n: -s: -t: -p: --hostlast --dns --fulltimes --ip --limit: --nohostname --since: --until: --present: --fullnames --system --time-format:',
    HARMLESS,
  ),
  lastlog: program('text', '-b: -t: -u: --before: --time: --user:', NO_OPERANDS),
  finger: program('text', '-lmps', { operand: /^[\w.-]+$/ }),
  free: program(
    'text',
    '-bkmghltvw -s: -c: --bytes --kilo --mega --giga --kibi --mebi --gibi --human --si --lohi --total --committed --seconds: --count: --wide',
    NO_OPERANDS,
  ),
  vmstat: program(
    'text',
    '-afmnsdDwty -p: -S: --active --forks --slabs --one-header --stats --disk --unit: --wide --timestamp',
    { operand: /^\d+$/ },
  ),
  iostat: program('text', '-cdhkmNptxyz -p: -g: -j: --human --dec:', { operand: /^(?:\d+|[a-z][\w]*)$/ }),
  mpstat: program('text', '-AuT -P: -I:', { operand: /^\d+$/ }),
  sar: program('text', '-AbBdFHhpqrRSuvwWyz -n: -P: -s: -e: -i: -m: -u:?', { operand: /^\d+$/ }),
  lscpu: program(
    'text',
    '-abBCcJepxy --all --online --bytes --caches:? --offline --json --extended:? --parse:? --hex --physical --output-all',
    NO_OPERANDS,
  ),
  lsblk: program(
    'names',
    '-ADJMOPSTabdfilmnprstyz -E: -I: -e: -o: -w: -x: --noempty --discard --dedup: --include: --json --merge --output-all --pairs --scsi --tree:? --all --bytes --nodeps --exclude: --fs --ascii --list --perms --noheadings --output: --paths --raw --inverse --topology --width: --sort: --zoned',
  ),
  lspci: program('text', '-bDknqtvxmQ -s: -d: -i:r', NO_OPERANDS),
  lsusb: program('text', '-vtD -s: -d: --verbose --tree', NO_OPERANDS),
  lsmod: program('text', '', NO_OPERANDS),
  modinfo: program('text', '-adlpn0 -F: -k: --field: --author --description --license', { operand: NAME }),
  lsns: program(
    'text',
    '-Jlnru -o: -p: -t: --json --list --noheadings --output: --output-all --task: --raw --notruncate --type:',
  ),
  lsmem: program(
    'text',
    '-JPabnr -o: -s: --json --pairs --all --bytes --noheadings --output: --output-all --raw',
    NO_OPERANDS,
  ),
  lslocks: program('text', '-bJnru -o: -p: --bytes --json --noheadings --output: --pid: --raw', NO_OPERANDS),
  lsipc: program(
    'text',
    '-mqsgbceJnloPrty -i: --shmems --queues --semaphores --global --id: --json --list',
    NO_OPERANDS,
  ),
  ipcs: program(
    'text',
    '-aqmsctplub -i: --all --queues --shmems --semaphores --creator --limits --pid --time --summary --human',
    NO_OPERANDS,
  ),
  lsb_release: program('text', '-vidrcas --version --id --description --release --codename --all --short', NO_OPERANDS),
  sw_vers: program('text', '-productName -productVersion -buildVersion --productName --productVersion --buildVersion', {
    ...NO_OPERANDS,
    isSingle: true,
  }),
  system_profiler: program('text', '-listDataTypes -json -xml -detailLevel:', { isSingle: true, operand: /^SP\w+$/ }),
  getconf: program('text', '-a -v:', { operand: /^[\w/.]+$/ }),
  locale: program('text', '-amckv --all-locales --charmaps --category-name --keyword-name --verbose', HARMLESS),
  dmidecode: program('text', '-quHb -s: -t: --quiet --string: --type:', NO_OPERANDS),
  sensors: program('text', '-ufAjJ'),
  acpi: program('text', '-abcisStV', NO_OPERANDS),
  upower: program('text', '-ed -i: --enumerate --dump --show-info:', NO_OPERANDS),
  blkid: program('text', '-kl -o: -s: -t: -L: -U:', { operand: /^\/dev\/[\w/]+$/ }),
  swapon: program('text', '-s --show:? --summary --noheadings --raw --bytes', NO_OPERANDS),
  'nvidia-smi': program(
    'text',
    '-Lq -i: -l: -d: -f:w --list-gpus --query --query-gpu: --query-compute-apps: --format: --id: --loop: --display:',
    NO_OPERANDS,
  ),
  chkconfig: program('text', '--list', { operand: NAME, requires: ['--list'] }),
  runlevel: program('text', '', NO_OPERANDS),
  // Processes. `top` with a terminal can kill; a text has no keys to press.
  top: program(
    'text',
    '-bcHiSw -n: -d: -p: -u: -U: -o: -E: -e: -l: -s: --batch --iterations: --delay: --pid: --user: --sort-override:',
    NO_OPERANDS,
  ),
  pgrep: program(
    'text',
    '-lavwcfinoxL -d: -g: -G: -O: -P: -s: -t: -u: -U: -r: --delimiter: --list-name --list-full --inverse --count --full --pgroup: --group: --ignore-case --newest --oldest --older: --parent: --session: --terminal: --euid: --uid: --exact --runstates: --ns:',
  ),
  pidof: program('text', '-csxqz -o: -S:', HARMLESS),
  pstree: program(
    'text',
    '-aAcgGlnpsStTuUZ -H: -N: -C: --arguments --ascii --compact-not --long --numeric-sort --show-pids --show-pgids --show-parents --thread-names --uid-changes --unicode',
    HARMLESS,
  ),
  pmap: program('text', '-xXpdq -A: --extended --device --quiet --show-path --range:', { operand: /^\d+$|^\x05$/ }), // oxlint-disable-line no-control-regex -- the mark of a number
  pwdx: program('text', '', { operand: /^\d+$|^\x05$/ }), // oxlint-disable-line no-control-regex -- the mark of a number
  // Sockets and addresses. `ss -K` closes connections, `-D` writes, `-F` reads a file.
  ss: program(
    'text',
    '-nraloempTisbEZzN460tMSudwxHO -f: -A: --numeric --resolve --all --listening --options --extended --memory --processes --threads --info --summary --tos --cgroup --bpf --events --context --contexts --net --ipv4 --ipv6 --packet --tcp --mptcp --sctp --udp --dccp --raw --unix --vsock --xdp --family: --no-header --oneline --query: --socket:',
    { operand: /^[\w:.*=<>!()/[\] -]+$/ },
  ),
  netstat: program(
    'text',
    '-rigsMvWnNepoclatuwxF46AbLmRSDI --route --interfaces --groups --statistics --masquerade --verbose --wide --numeric --numeric-hosts --numeric-ports --numeric-users --symbolic --extend --programs --timers --continuous --listening --all --tcp --udp --unix --raw',
    { operand: /^\w+$/ },
  ),
  lsof: program('names', '-PnlatUbCRwvhVNKOH -i:? -p: -u: -c: -d: -s:? -F:? -g:? -r:?'),
  fuser: program('names', '-acluvm46 -n: --all --mount --user --verbose --namespace:'),
  arp: program('text', '-aenv -i: -H:', { operand: /^[\w.:-]+$/ }),
  route: program('text', '-neC46 -A: --numeric', NO_OPERANDS),
  iwconfig: program('text', '', NO_OPERANDS),
  ethtool: program('text', '-iSkagcnm', { operandsMax: 1, operand: /^[\w.:-]+$/ }),
  // Time and numbers.
  cal: program(
    'text',
    '-1351hjmsyYwN -# -A: -B: -n: -m: --one --three --monday --sunday --julian --year --week',
    HARMLESS,
  ),
  ncal: program('text', '-1351hjJpwyMSbCe -A: -B: -d: -H: -m: -s:', HARMLESS),
  seq: program('text', '-w -# -f: -s: -t: --format: --separator: --equal-width', HARMLESS),
  sleep: program('text', '', HARMLESS),
  expr: program('text', '', HARMLESS),
  factor: program('text', '-h --exponents', HARMLESS),
  bc: program('files', '-ilqsw --interactive --mathlib --quiet --standard --warn'),
  units: program('text', '-tvq1 --terse --verbose --quiet --one-line'),
  yes: program('text', '', HARMLESS),
  uuidgen: program('text', '-rt --random --time', NO_OPERANDS),
  tput: program('text', '-T:', { operand: /^\w+$/ }),
  clear: program('text', '-x', NO_OPERANDS),
  nginx: program('text', '-tvVq', NO_OPERANDS),
}
