import { describe, expect, it } from 'vitest'
import { run } from '../../../test/support/run-line.ts'

describe('looking at containers reads as a read', () => {
  it.each([
    'docker ps',
    'docker ps -aq --no-trunc',
    'docker ps --filter status=running --format x',
    'docker images',
    'docker image ls -a',
    'docker container ls',
    'docker logs -f --tail 100 web',
    'docker logs --since 1h web',
    'docker inspect web',
    'docker inspect -f x web',
    'docker stats --no-stream',
    'docker top web',
    'docker version',
    'docker info',
    'docker history alpine',
    'docker events --since 1h',
    'docker port web',
    'docker diff web',
    'docker system df -v',
    'docker volume ls',
    'docker volume inspect x',
    'docker network ls',
    'docker network inspect bridge',
    'docker context ls',
    'docker --context prod ps',
    'docker compose ps',
    'docker compose -f a.yml -p x logs --tail=10 web',
    'docker compose config --services',
    'docker-compose ps',
    'docker node ls',
    'docker service ls',
    'docker stack ps x',
    'docker buildx ls',
    'docker --version',
    'podman ps -a',
    'podman pod ps',
    'nerdctl images',
  ])('%s', (line) => {
    expect(run(line).verbs).toEqual(['read'])
  })
})

describe('what starts, changes, removes or goes elsewhere does not read as a read', () => {
  it.each([
    'docker run alpine',
    'docker run --rm -it alpine sh',
    'docker run -v /:/host alpine',
    'docker container run alpine',
    'docker create alpine',
    'docker exec web ls',
    'docker container exec web ls',
    'docker attach web',
    'docker build .',
    'docker buildx build .',
    'docker pull alpine',
    'docker push x',
    'docker rm -f web',
    'docker rmi x',
    'docker kill web',
    'docker stop web',
    'docker restart web',
    'docker update web',
    'docker rename a b',
    'docker tag a b',
    'docker commit web x',
    'docker cp web:/etc/passwd .',
    'docker cp x web:/',
    'docker export web -o x',
    'docker save -o /etc/x alpine',
    'docker load -i x',
    'docker import x',
    'docker login',
    'docker logout',
    'docker system prune -af',
    'docker volume rm x',
    'docker volume create x',
    'docker volume prune -f',
    'docker network rm x',
    'docker network connect a b',
    'docker context use prod',
    'docker context create x',
    'docker swarm init',
    'docker swarm join-token worker',
    'docker stack deploy -c x y',
    'docker service update x',
    'docker secret create x y',
    'docker plugin install x',
    'docker compose up -d',
    'docker compose down -v',
    'docker compose run web sh',
    'docker compose exec web rm x',
    'docker compose rm -f',
    'docker compose config -o /etc/x',
    'docker compose config --output=/etc/x',
    'docker compose -f https://example.com/x.yml ps',
    'docker-compose up',
    'docker -H tcp://example.com ps',
    'docker --host=tcp://example.com compose ps',
    'docker --host tcp://example.com images',
    'docker --config /tmp/x ps',
    'docker --tlsverify ps',
    'docker ps -H tcp://example.com',
    'docker buildx inspect --bootstrap x',
    'docker secret inspect --showsecret x',
    'docker some-plugin',
    'docker scout x',
    'docker compose some-plugin',
    'docker ps ${X}',
    'docker ${X}',
    'podman unshare rm x',
    'podman machine ssh',
    'podman --remote ps',
    'podman --url tcp://example.com ps',
    'podman play kube x',
    'nerdctl run x',
  ])('%s', (line) => {
    expect(run(line).verbs).not.toEqual(['read'])
  })
})

describe('a container that gets out', () => {
  it.each([
    'docker run --privileged x',
    'docker run -v /:/host x',
    'docker run -v/:/host x',
    'docker run --volume=/etc:/etc x',
    'docker run --volume ../x:/x x',
    'docker run -v /var/run/docker.sock:/s x',
    'docker run --mount type=bind,source=/,target=/h x',
    'docker run --pid=host x',
    'docker run --pid host x',
    'docker run --net=host x',
    'docker run --network container:web x',
    'docker run --userns=host x',
    'docker run --ipc host x',
    'docker run --cap-add SYS_ADMIN x',
    'docker run --device /dev/sda x',
    'docker run --security-opt seccomp=unconfined x',
    'docker run --volumes-from web x',
    'docker run --unheard-of x',
    'docker create --privileged x',
    'podman run --privileged x',
    'docker exec --privileged web sh',
  ])('is admin: %s', (line) => {
    expect(run(line).verbs).toContain('admin')
  })

  it.each(['docker run --rm alpine ls', 'docker run -v data:/data alpine', 'docker run -p 80:80 --name web nginx'])(
    'is not: %s',
    (line) => {
      expect(run(line).verbs).toEqual(['code', 'container'])
    },
  )
})

describe('the command inside of a container', () => {
  it.each([
    ['docker run -v /:/h alpine rm -rf /h', ['rm', '-rf', '/h']],
    ['docker run --rm -e A=b --name x alpine sh -c id', ['sh', '-c', 'id']],
    ['docker run --entrypoint rm alpine -rf /x', ['rm', '-rf', '/x']],
    ['docker exec -it -u root web rm x', ['rm', 'x']],
    ['docker container exec web rm x', ['rm', 'x']],
    ['docker compose exec -T web rm x', ['rm', 'x']],
    ['docker compose -f a.yml run --rm web rm x', ['rm', 'x']],
    ['podman run alpine rm x', ['rm', 'x']],
  ])('%s', (line, inner) => {
    expect(run(line).inner).toEqual(inner)
  })

  it('is unknown where an option is', () => {
    expect(run('docker run --unheard-of alpine rm x').inner).toBeUndefined()
  })
})

it('another daemon is a flag', () => {
  expect(run('docker -H tcp://example.com ps').flags).toEqual(['docker:ps', 'remote'])
})
