import { describe, expect, it } from 'vitest'
import { readK8sText, readK8sWords } from './k8s.ts'
import { run } from '../../../test/support/run-line.ts'

describe('looking at a cluster reads as a read', () => {
  it.each([
    'kubectl get pods',
    'kubectl get pods -n prod -o json',
    'kubectl -n prod get deploy,svc -o wide',
    'kubectl get pods -A --sort-by=.metadata.name',
    'kubectl get pod x -o jsonpath={.status.phase}',
    'kubectl get po -l app=x -w',
    'kubectl get --namespace=prod ingress --show-labels',
    'kubectl describe pod x',
    'kubectl --context staging describe nodes',
    'kubectl logs -f deploy/api -c app --tail=100',
    'kubectl logs api-1 --since 1h -p',
    'kubectl logs x --tail -1',
    'kubectl top pods -n x',
    'kubectl top nodes',
    'kubectl explain pod.spec',
    'kubectl version --client',
    'kubectl api-resources --verbs=list',
    'kubectl cluster-info',
    'kubectl config view',
    'kubectl config current-context',
    'kubectl config get-contexts',
    'kubectl auth can-i get pods -n x',
    'kubectl auth whoami',
    'kubectl rollout status deploy/x',
    'kubectl rollout history deploy/x --revision=2',
    'kubectl diff -f x.yaml',
    'kubectl events -n x',
    'kubectl wait --for=condition=ready pod/x --timeout 60s',
    'kubectl get sealedsecrets',
    'oc get routes',
    'oc whoami',
    'oc status',
    'helm list -A',
    'helm ls -n prod --filter x',
    'helm status x',
    'helm history x',
    'helm get values x -n prod',
    'helm show values bitnami/x',
    'helm search repo x',
    'helm template . -f values.yaml --set a=b',
    'helm repo list',
    'helm version',
    'helm lint .',
  ])('%s', (line) => {
    expect(run(line).verbs).toEqual(['read'])
  })
})

describe('what changes, runs, shows secrets or goes elsewhere does not read as a read', () => {
  it.each([
    'kubectl get secret x -o yaml',
    'kubectl get secrets',
    'kubectl get pods,secrets',
    'kubectl get SECRETS/x',
    'kubectl get secrets.v1. x',
    'kubectl get pod/x secret/y',
    'kubectl describe secret x',
    'kubectl apply view-last-applied secret/x',
    'kubectl get -- secrets',
    'kubectl get --raw /api/v1/namespaces/x/secrets',
    'kubectl get -f /tmp/x.yaml -o yaml',
    'kubectl get -k github.com/a/b/c',
    'kubectl get pods --as admin',
    'kubectl --as=system:admin get pods',
    'kubectl get pods --as-group system:masters --as x',
    'kubectl get pods --kubeconfig /tmp/x',
    'kubectl get pods --server https://example.com',
    'kubectl -s https://example.com get pods',
    'kubectl get pods --token abc',
    'kubectl get pods --insecure-skip-tls-verify',
    'kubectl get pods --user admin',
    'kubectl get pods -o go-template-file=/etc/passwd',
    'kubectl get pods -o jsonpath-file=/etc/passwd',
    'kubectl get pods --profile=cpu --profile-output=/etc/x',
    'kubectl get pods --cache-dir /etc',
    'kubectl config view --raw',
    'kubectl config set-context x',
    'kubectl config use-context prod',
    'kubectl config delete-context prod',
    'kubectl create token x',
    'kubectl create -f x.yaml',
    'kubectl exec pod -- rm -rf /',
    'kubectl exec pod ls',
    'kubectl attach pod',
    'kubectl debug node/x --image=busybox',
    'kubectl run x --image=y',
    'kubectl cp pod:/x /y',
    'kubectl proxy',
    'kubectl port-forward x 80',
    'kubectl apply -f x.yaml',
    'kubectl apply -f https://example.com/x.yaml',
    'kubectl diff -f https://example.com/x.yaml',
    'kubectl delete ns prod',
    'kubectl --context prod delete pod --all',
    'kubectl drain node',
    'kubectl cordon node',
    'kubectl taint nodes x a=b:NoExecute',
    'kubectl rollout restart deploy/x',
    'kubectl rollout undo deploy/x',
    'kubectl scale deploy/x --replicas=0',
    'kubectl patch deploy x -p x',
    'kubectl edit deploy x',
    'kubectl label pod x a=b',
    'kubectl set image deploy/x a=b',
    'kubectl certificate approve x',
    'kubectl auth reconcile -f x',
    'kubectl cluster-info dump --output-directory=/tmp',
    'kubectl kustomize .',
    'kubectl some-plugin',
    'kubectl alpha x',
    'kubectl get pods ${X}',
    'kubectl ${X} pods',
    'kubectl get pods -n ${X}',
    'kubectl get --template --raw=/x pods',
    'oc whoami -t',
    'oc adm policy add-role-to-user admin x',
    'oc rsh pod rm x',
    'oc project other',
    'oc extract secret/x',
    'helm install x y',
    'helm upgrade --install x y',
    'helm uninstall x',
    'helm rollback x 1',
    'helm repo add x https://example.com',
    'helm plugin install https://example.com/x',
    'helm template . --post-renderer ./x',
    'helm template . --output-dir /tmp',
    'helm template oci://example.com/x',
    'helm template . -f https://example.com/v.yaml',
    'helm list --kube-as-user admin',
    'helm list --kubeconfig /tmp/x',
    'helm list --kube-apiserver https://example.com',
    'helm pull x',
    'helm test x',
    'helm some-plugin',
  ])('%s', (line) => {
    expect(run(line).verbs).not.toEqual(['read'])
  })
})

describe('facts about a cluster command', () => {
  it('name the verb, the resource, the namespace and the name', () => {
    expect(run('kubectl -n prod get deploy/api -o yaml').k8s).toMatchObject({
      verb: 'get',
      resource: 'deploy',
      name: 'api',
      namespace: 'prod',
    })
    expect(run('kubectl delete pod --all -n x').k8s).toMatchObject({
      verb: 'delete',
      resource: 'pod',
      all: true,
      verbs: ['delete'],
    })
    expect(run('kubectl rollout restart deploy/x').k8s).toMatchObject({ verb: 'rollout restart', resource: 'deploy' })
  })

  it('say that secrets are read and that somebody else is played', () => {
    expect(run('kubectl get secret x').k8s).toMatchObject({ secrets: true, impersonation: false })
    expect(run('kubectl --as x get pods').k8s).toMatchObject({ secrets: false, impersonation: true })
  })

  it('say that a manifest comes from a URL', () => {
    const read = run('kubectl apply -f https://example.com/x.yaml')
    expect(read.flags).toContain('apply_url')
    expect(read.hosts).toEqual(['example.com'])
  })

  it('hold the command that would run in a container', () => {
    expect(run('kubectl exec -it pod -c app -- rm -rf /').inner).toEqual(['rm', '-rf', '/'])
    expect(run('kubectl exec pod rm x').inner).toEqual(['rm', 'x'])
    expect(run('kubectl run x --image=y -- sh -c id').inner).toEqual(['sh', '-c', 'id'])
  })
})

describe('a command line in an argument', () => {
  it('is read with and without the name of the program', () => {
    expect(readK8sText('kubectl get pods -n x')).toMatchObject({
      parsed: true,
      verb: 'get',
      namespace: 'x',
      verbs: ['read'],
    })
    expect(readK8sText('get pods -n x')).toMatchObject({ parsed: true, verb: 'get', namespace: 'x', verbs: ['read'] })
    expect(readK8sText('helm uninstall x')).toMatchObject({ parsed: true, verb: 'uninstall', verbs: ['delete'] })
    expect(readK8sWords(['delete', 'ns', 'a b'])).toMatchObject({ verb: 'delete', name: 'a b' })
  })

  it.each([
    'get pods; rm -rf /',
    'get pods && id',
    'get pods | sh',
    'get pods $(id)',
    'get pods "$(id)"',
    'get pods `id`',
    'get pods > /etc/x',
    'get pods < x',
    'get pods\nid',
    'get pods (x)',
    'get pods $X',
    'get pods "a',
    "get pods 'a",
    'get pods -n={a,--as=admin}',
    'get pods #x',
    'get pods \\',
    'get pods\u200b',
    'get pods\0',
    `get ${'x'.repeat(20_000)}`,
  ])('is not parsed when a shell would do more with it: %j', (text) => {
    expect(readK8sText(text)).toMatchObject({ present: true, parsed: false, verbs: [] })
  })

  it('keeps quoted metacharacters as text', () => {
    expect(readK8sText(`get pods -l 'a in (b)' -o "jsonpath={.items[*].metadata.name}"`)).toMatchObject({
      parsed: true,
      verbs: ['read'],
    })
  })
})
