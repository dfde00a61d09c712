// Sub-commands of docker, podman and nerdctl, with the options that leave a read a read (docker 28). Whoever can start
// a container can become root of the host, so everything else is `container`, `delete`, `code` or `admin`.
import { options } from './options.ts'
import { does, reads, withFlags, withMore, type Entry } from './table.ts'

const HELP = '--help'
const LIST = '-f= --filter= --format= --no-trunc -q --quiet -a --all --noheading -n --sort='
/** Options of `run` and `create`, for finding the image and the command after it. */
export const RUN_OPTIONS =
  options(`-a= --attach= --add-host= --annotation= --blkio-weight= --blkio-weight-device= --cgroup-parent=
  --cgroupns= --cidfile= --cpu-count= --cpu-percent= --cpu-period= --cpu-quota= --cpu-rt-period= --cpu-rt-runtime= -c=
  --cpu-shares= --cpus= --cpuset-cpus= --cpuset-mems= --cap-add= --cap-drop= -d --detach --detach-keys= --device=
  --device-cgroup-rule= --device-read-bps= --device-read-iops= --device-write-bps= --device-write-iops=
  --disable-content-trust --dns= --dns-option= --dns-search= --domainname= --entrypoint= -e= --env= --env-file= --expose=
  --gpus= --group-add= --health-cmd= --health-interval= --health-retries= --health-start-interval= --health-start-period=
  --health-timeout= -h= --hostname= --init -i --interactive --io-maxbandwidth= --io-maxiops= --ip= --ip6= --ipc=
  --isolation= --kernel-memory= -l= --label= --label-file= --link= --link-local-ip= --log-driver= --log-opt= --mac-address=
  -m= --memory= --memory-reservation= --memory-swap= --memory-swappiness= --mount= --name= --network= --network-alias= --net=
  --no-healthcheck --oom-kill-disable --oom-score-adj= --pid= --pids-limit= --platform= --privileged -p= --publish= -P
  --publish-all --pull= -q --quiet --read-only --restart= --rm --runtime= --security-opt= --shm-size= --sig-proxy
  --stop-signal= --stop-timeout= --storage-opt= --sysctl= --tmpfs= -t --tty --ulimit= --use-api-socket -u= --user= --userns=
  --uts= -v= --volume= --volume-driver= --volumes-from= -w= --workdir=`)
export const EXEC_OPTIONS =
  options(`-d --detach --detach-keys= -e= --env= --env-file= -i --interactive --privileged -t --tty -u=
  --user= -w= --workdir= --index= -T --no-TTY -l --latest`)

export const DOCKER_GLOBALS = options('-c= --context= -D --debug -l= --log-level= -v --version --help')
/** Another daemon, or other credentials for one. */
export const DOCKER_ELSEWHERE =
  options(`-H= --host= --config= --tls --tlscacert= --tlscert= --tlskey= --tlsverify -r --remote --url=
  --connection= --identity= --ssh= --root= --runroot= --storage-driver= --storage-opt= --runtime= --hooks-dir= --conmon=
  --module= -a= --address= -n= --namespace= --data-root= --cni-path= --cgroup-manager=`)

const COMPOSE_READS: Readonly<Record<string, Entry>> = {
  ps: reads(LIST, '--orphans --services --status=', HELP),
  logs: reads('-f --follow --index= --no-color --no-log-prefix --since= -n= --tail= -t --timestamps --until=', HELP),
  'config | convert': reads(
    `--format= --hash= --images --no-consistency --no-interpolate --no-normalize --no-path-resolution --profiles
    -q --quiet --resolve-image-digests --services --volumes --networks --models`,
    HELP,
  ),
  'images | top | port | version | ls | volumes | stats': reads(
    LIST,
    '--format= --index= --protocol= --short --no-stream',
    HELP,
  ),
  events: reads('--json --since= --until=', HELP),
}

const COMPOSE_WRITES: Readonly<Record<string, Entry>> = {
  'up | start | restart | create | scale | watch | pull | build': does('container network'),
  'run | exec | attach': does('code container'),
  'stop | kill | pause | unpause | wait': does('container'),
  'down | rm': does('container delete'),
  'cp | commit | export': does('container write'),
  'push | publish': does('network write'),
}

export const COMPOSE: Readonly<Record<string, Entry>> = { ...COMPOSE_READS, ...COMPOSE_WRITES }
export const COMPOSE_OPTIONS =
  options(`-f= --file= -p= --project-name= --profile= --env-file= --project-directory= --ansi=
  --parallel= --progress= --compatibility --dry-run --all-resources --verbose -v --version --help`)

const DOCKER_READS: Readonly<Record<string, Entry>> = {
  'ps | container ls | container list | container ps': reads(LIST, '-n= --last= -l --latest -s --size', HELP),
  'images | image ls | image list': reads(LIST, '--digests --tree', HELP),
  'logs | container logs | service logs': reads(
    '--details -f --follow --since= -n= --tail= -t --timestamps --until= --no-trunc --raw --no-resolve --no-task-ids',
    HELP,
  ),
  'inspect | container inspect | image inspect | volume inspect | network inspect': reads(
    '-f= --format= -s --size --type= --platform= -v --verbose',
    HELP,
  ),
  'node inspect | service inspect | config inspect | secret inspect | plugin inspect | context inspect | buildx inspect':
    reads('-f= --format= --pretty', HELP),
  'version | info | system info': reads('-f= --format=', HELP),
  'stats | container stats': reads('-a --all --format= --no-stream --no-trunc', HELP),
  'top | container top': reads('-e -f -x -w -u= -o= -A -L', HELP),
  'history | image history': reads('--format= -H --human --no-trunc --platform= -q --quiet', HELP),
  'events | system events': reads('-f= --filter= --format= --since= --until=', HELP),
  'port | container port | diff | container diff | wait | container wait': reads(HELP),
  search: does('read network', '-f= --filter= --format= --limit= --no-trunc', HELP),
  'volume ls | volume list | network ls | network list | context ls | context list | context show | node ls | service ls | stack ls | config ls | secret ls | plugin ls | buildx ls | builder ls':
    reads(LIST, HELP),
  'node ps | service ps | stack ps | stack services': reads(LIST, '--no-resolve', HELP),
  'system df | buildx du | builder du': reads('--format= -v --verbose --filter=', HELP),
  'manifest inspect | buildx imagetools inspect | trust inspect': does(
    'read network',
    '-v --verbose --format= --raw --pretty',
    HELP,
  ),
  'pod ps | pod ls | pod list | pod inspect | pod logs | pod top | pod stats': reads(LIST, HELP),
  'healthcheck | help': reads(HELP),
}

const DOCKER_WRITES: Readonly<Record<string, Entry>> = {
  'run | create | container run | container create': withMore(does('container code'), {
    '--privileged': { verbs: ['admin'] },
  }),
  'exec | container exec': does('container code'),
  'attach | container attach | debug | unshare | machine | machine ssh': does('container code'),
  'build | buildx build | image build | builder build | buildx bake': does('container code network'),
  'start | stop | restart | kill | pause | unpause | rename | update | tag': does('container'),
  'container start | container stop | container restart | container kill | container pause | container unpause | container rename | container update':
    does('container'),
  'pull | image pull | load | image load | import | image import | commit | container commit | image tag':
    does('container network'),
  'push | image push | manifest create | manifest push': does('container network write'),
  'cp | container cp | export | container export | save | image save': does('container write'),
  'rm | rmi | container rm | image rm | volume rm | network rm | container prune | image prune | volume prune | network prune | system prune | builder prune | buildx prune':
    does('container delete'),
  'volume create | network create | network connect | network disconnect | context create | context use | context update | buildx create | buildx use':
    does('container write'),
  'context rm | buildx rm | stack rm | service rm | secret rm | config rm | node rm | plugin rm | plugin disable | manifest rm | swarm leave':
    does('container delete'),
  'stack deploy | service create | service update | service scale | service rollback | secret create | config create | node update | node promote | node demote':
    does('container admin'),
  'swarm init | swarm join | swarm update | swarm ca | plugin install | plugin enable | plugin set | plugin upgrade':
    does('container admin'),
  'swarm join-token | swarm unlock-key | login | logout': withFlags(does('admin network'), 'secrets'),
}

export const DOCKER: Readonly<Record<string, Entry>> = {
  ...DOCKER_READS,
  ...DOCKER_WRITES,
}
