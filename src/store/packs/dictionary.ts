import { Buffer } from 'node:buffer'

/**
 * Dictionary 1 for groups of few records: names of keys of an envelope and of MCP messages, and words that the gateway itself
 * writes. No value of anybody is in it. It never changes: what was compressed with it cannot be read without it. The most
 * common stand last, where zstd reaches them with the shortest distances.
 */
export const DICTIONARY = Buffer.from(
  [
    '{"alert":{"detector":"","expected":,"observed":,"ratio_x100":,"severity":"high"},"approval":{"expires":"","execution_expires":"","id":"apr_","reason":"","request_hash":"","requester":"","scope":"once","voters":[{"at":"","groups":[""],"sub":"","vote":"approve"}]}',
    '"change":{"after":"","before":"","connections":[""],"credentials":[{"connection":"","kind":"","name":"","since":""}],"mode":"enforce","os_uid":,"os_user":"","policy":"","rules":,"what":"start"},"class":{"encrypt":true,"entry_days":400,"index_days":400,"keys":"session","max_body":8388608}',
    '"facts":{"sql":{"dialect":"postgresql","functions":[],"statements":[{"kind":"select","tables":[""]}],"writes":false},"shell":{"programs":[""]},"http":{"host":"","method":"GET","path":""},"parser":""}',
    '"log":{"from":{"offset":,"segment":,"seq":},"open":[],"records":,"segment":}',
    '{"jsonrpc":"2.0","id":,"method":"initialize","params":{"capabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}},"clientInfo":{"name":"","version":""},"protocolVersion":"2025-06-18"}}',
    '{"jsonrpc":"2.0","id":,"result":{"capabilities":{"logging":{},"prompts":{"listChanged":true},"resources":{"listChanged":true,"subscribe":true},"tools":{"listChanged":true}},"instructions":"","serverInfo":{"name":"","title":"","version":""}}}',
    '{"jsonrpc":"2.0","id":,"result":{"tools":[{"annotations":{"destructiveHint":false,"idempotentHint":true,"openWorldHint":false,"readOnlyHint":true},"description":"","inputSchema":{"$schema":"http://json-schema.org/draft-07/schema#","additionalProperties":false,"properties":{"":{"description":"","type":"string"}},"required":[""],"type":"object"},"name":"","outputSchema":{"type":"object"},"title":""}]}}',
    '{"method":"notifications/initialized","jsonrpc":"2.0"}{"method":"notifications/progress","params":{"progress":,"progressToken":,"total":}}"notifications/cancelled""resources/list""resources/read""prompts/list""prompts/get""completion/complete""tools/list""ping"',
    '"_meta":{"io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"","version":""},"io.modelcontextprotocol/protocolVersion":"2026-07-28","progressToken":}',
    '"masking":{"bytes_in":,"entities":{"CREDIT_CARD":{"redact":},"EMAIL_ADDRESS":{"surrogate":},"PHONE_NUMBER":{"surrogate":},"SECRET":{"redact":},"email":{"surrogate":1},"phone":{"surrogate":1}},"left_in_place":{},"minted":,"not_inspected":[],"restored":[""],"rules":"","verified":"passed"},"masking":{"bytes_in":,"entities":{},"rules":"","verified":"clean"}',
    '{"jsonrpc":"2.0","id":,"error":{"code":-32602,"data":{},"message":""}}',
    '{"jsonrpc":"2.0","id":,"result":{"content":[{"text":"","type":"text"}],"isError":false,"structuredContent":{}}}{"result":{"content":[{"type":"text","text":"[{\\"id\\":,\\"name\\":\\"\\"}]"}],"isError":true},"jsonrpc":"2.0","id":}',
    '{"jsonrpc":"2.0","id":,"method":"tools/call","params":{"_meta":{"progressToken":},"arguments":{"sql":"SELECT ","query":"","path":"","limit":},"name":""}}{"method":"tools/call","params":{"name":"","arguments":{"sql":"SELECT "}},"jsonrpc":"2.0","id":}',
    '{"dir":"gw","id":"019","kind":"log.heartbeat","log":{"open":[],"segment":},"mono_us":,"ts":"2026-","v":1}',
    '{"actor":{"client":{"id":"","name":"","version":""},"email":"","groups":["engineers"],"ip":"127.0.0.1","iss":"http://127.0.0.1:","sub":"","ua":"node"},"conn":{"labels":{"env":"prod","kind":"postgres"},"name":"","server":{"name":"","version":""},"type":"mcp-http"},"dir":"c2s","id":"019","io":{"bytes_in":,"bytes_out":,"status":200,"total_us":,"upstream_us":},"kind":"outcome","masking":{"bytes_in":,"entities":{},"rules":"","verified":"clean"},"mcp":{"era":"legacy","method":"tools/call","proto":"2025-06-18","req_id":"","target":"","transport":"http"},"mono_us":,"of":,"outcome":{"status":"ok"},"session":{"basis":"mcp-session-id","id":"ses_","n":},"ts":"2026-","v":1}',
    '{"actor":{"client":{"id":"","name":"","version":""},"email":"","groups":["engineers"],"ip":"127.0.0.1","iss":"https://","sub":"","ua":"node"},"conn":{"labels":{"env":"prod"},"name":"","type":"mcp-http"},"decision":{"effect":"allow","latency_us":,"matched":["allow-all"],"mode":"enforce","policy":"","rule":"allow-all"},"dir":"c2s","id":"019","io":{"bytes_in":},"kind":"intent","mcp":{"era":"modern","method":"tools/call","proto":"2026-07-28","req_id":"","target":"","transport":"http"},"mono_us":,"session":{"basis":"window","id":"ses_","n":},"ts":"2026-11-","v":1}',
  ].join(''),
  'latin1',
)
