import { NETWORK, program, type Program } from './program.ts'

const HOST = /^[\w.:%-]+$/

/** Programs that ask the network and show the answer. What they ask is sent, so a word that is not known is not let through. */
export const NETWORK_TOOLS: Readonly<Record<string, Program>> = {
  ping: program('text', '-46bdhnOqUvaD -c: -i: -I: -l: -s: -t: -W: -w: -M: -Q: -S: -G:', { ...NETWORK, operand: HOST }),
  ping6: program('text', '-dhnOqUv -c: -i: -I: -s: -t: -W: -w:', { ...NETWORK, operand: HOST }),
  traceroute: program('text', '-46dFnTIUre -f: -m: -q: -w: -p: -N: -i: -s:', { ...NETWORK, operand: HOST }),
  traceroute6: program('text', '-dFnTI -f: -m: -q: -w: -p:', { ...NETWORK, operand: HOST }),
  tracepath: program('text', '-46bn -l: -m: -p:', { ...NETWORK, operand: HOST }),
  mtr: program(
    'text',
    '-46nrbzwuTtpje -c: -i: -m: -s: -P: -f: --report --report-wide --no-dns --json --csv --tcp --udp --show-ips --aslookup --report-cycles:',
    {
      ...NETWORK,
      operand: HOST,
    },
  ),
  // `-f` sends a file line by line, `-k` reads a key.
  dig: program('text', '-46hmuvri -b: -c: -p: -q: -t: -x: -y:', { ...NETWORK, operand: /^[\w.:@+=/-]+$/ }),
  drill: program('text', '-46TSVQaDv -p: -t: -x:', { ...NETWORK, operand: /^[\w.:@+=/-]+$/ }),
  host: program('text', '-aCdilrsTUvVw46 -c: -m: -N: -p: -R: -t: -W:', { ...NETWORK, operand: HOST }),
  nslookup: program('text', '-type: -query: -port: -timeout: -debug', { ...NETWORK, isSingle: true, operand: HOST }),
  whois: program('text', '-abBcdGHIKlLmMrRSQ -h: -p: -i: -T: --host: --port:', { ...NETWORK, operand: HOST }),
  geoiplookup: program('text', '-iv', { operand: HOST }),
  speedtest: program('text', '--simple --json --list', { ...NETWORK, operandsMax: 0 }),
}
