/** What a Kamailio of the tests is: registrar and proxy of one domain, for its own users and as a way elsewhere. */
export interface KamailioOptions {
  /** Its domain, which is the realm of its digests as well. */
  readonly realm?: string;
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** How long a nonce is good, seconds; afterwards its challenge says that it is stale. */
  readonly nonceSec?: number;
  /** Each nonce counts once only, so that every further request is challenged again. */
  readonly oneTimeNonce?: boolean;
  /** Longest life of a binding, seconds. */
  readonly maxExpiresSec?: number;
  /** Requests within dialogs are challenged as well. */
  readonly challengesInDialog?: boolean;
  /** Calls from anybody are let through without a password, as a trunk does that knows its customers by address. */
  readonly isOpen?: boolean;
  /** Without it the proxy is out of the way once the call stands. */
  readonly recordRoute?: boolean;
  /** Header lines added to the 200 of a REGISTER, such as `Service-Route: <sip:127.0.0.1:5070;lr>`. */
  readonly registerHeaders?: readonly string[];
  /** Where calls to users that begin so go instead: `{ '+': 'sip:127.0.0.1:5060' }`. The Request-URI's user stays. */
  readonly ways?: Readonly<Record<string, string>>;
  /** Further lines for each request, in Kamailio's own language, before anything else is done with it. */
  readonly first?: string;
  /** Files of a certificate for TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

export interface KamailioPorts {
  readonly address: string;
  /** UDP and TCP. */
  readonly sip: number;
  readonly tls?: number;
}

export const defaultRealm = 'provider.test';

/** The password of a user of it. */
export const kamailioPassword = (user: string): string => `pw-${user}`;

/** Writes the configuration, in Kamailio's own language. */
export const kamailioConfig = (options: KamailioOptions, ports: KamailioPorts): string =>
  [
    ...core(options, ports),
    ...modules(options),
    'request_route {',
    '  xlog("L_NOTICE", "request $rm $ru from $fU by $proto:$si:$sp\\n");',
    options.first ?? '',
    ...ofAnyRequest,
    ...inDialog(options),
    ...registrar(options),
    ...calls(options),
    '}',
    '',
  ].join('\n');

const core = ({ realm = defaultRealm, tls }: KamailioOptions, ports: KamailioPorts): string[] => [
  'debug=1',
  'log_stderror=yes',
  'fork=yes',
  'children=1',
  'tcp_children=1',
  'auto_aliases=no',
  'dns=no',
  'rev_dns=no',
  'server_signature=no',
  `listen=udp:${ports.address}:${ports.sip}`,
  `listen=tcp:${ports.address}:${ports.sip}`,
  `alias="${realm}"`,
  ...(tls === undefined ? [] : ['enable_tls=yes', `listen=tls:${ports.address}:${ports.tls}`]),
];

const modules = ({ algorithm = 'MD5', tls, ...options }: KamailioOptions): string[] => [
  'mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules:/usr/lib/aarch64-linux-gnu/kamailio/modules:/usr/lib/kamailio/modules"',
  ...['tm', 'sl', 'rr', 'pv', 'maxfwd', 'usrloc', 'registrar', 'textops', 'siputils', 'auth', 'xlog', 'path'].map(
    (name) => `loadmodule "${name}.so"`,
  ),
  'modparam("usrloc", "timer_interval", 1)',
  `modparam("registrar", "max_expires", ${options.maxExpiresSec ?? 3600})`,
  'modparam("registrar", "min_expires", 1)',
  'modparam("registrar", "use_path", 1)',
  'modparam("registrar", "path_mode", 0)',
  'modparam("registrar", "path_use_received", 0)',
  'modparam("rr", "enable_full_lr", 1)',
  `modparam("auth", "algorithm", "${algorithm === 'MD5' ? '' : algorithm}")`,
  'modparam("auth", "qop", "auth")',
  `modparam("auth", "nonce_expire", ${options.nonceSec ?? 300})`,
  ...(options.oneTimeNonce
    ? [
        'modparam("auth", "nonce_count", 0)',
        'modparam("auth", "one_time_nonce", 1)',
        'modparam("auth", "nid_pool_no", 1)',
      ]
    : []),
  ...(tls === undefined
    ? []
    : [
        'loadmodule "tls.so"',
        'modparam("tls", "tls_method", "TLSv1.2+")',
        `modparam("tls", "certificate", "${tls.certificate}")`,
        `modparam("tls", "private_key", "${tls.key}")`,
      ]),
];

const ofAnyRequest: readonly string[] = [
  '  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }',
  '  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }',
];

const inDialog = ({ realm = defaultRealm, challengesInDialog }: KamailioOptions): string[] => [
  '  if (has_totag()) {',
  '    if (is_method("ACK") && is_present_hf("Proxy-Authorization")) xlog("L_NOTICE", "proven ACK of $fU\\n");',
  ...(challengesInDialog
    ? [`    if (!is_method("ACK") && $fd == "${realm}") {`, ...authenticated(realm), '    }']
    : []),
  '    if (loose_route()) { t_relay(); exit; }',
  '    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }',
  '    sl_send_reply("404", "Not Here"); exit;',
  '  }',
  '  t_check_trans();',
];

const authenticated = (realm: string): string[] => [
  `    if (!pv_proxy_authenticate("${realm}", "pw-$fU", "0")) {`,
  '      xlog("L_NOTICE", "challenged $rm of $fU\\n");',
  `      proxy_challenge("${realm}", "1"); exit;`,
  '    }',
  '    consume_credentials();',
];

const registrar = ({ realm = defaultRealm, registerHeaders = [] }: KamailioOptions): string[] => [
  '  if (is_method("REGISTER")) {',
  `    if (!pv_www_authenticate("${realm}", "pw-$tU", "0")) {`,
  '      xlog("L_NOTICE", "challenged REGISTER of $tU\\n");',
  `      www_challenge("${realm}", "1"); exit;`,
  '    }',
  ...registerHeaders.map((line) => `    append_to_reply("${line.replaceAll('"', '\\"')}\\r\\n");`),
  '    if (!save("location")) { sl_reply_error(); exit; }',
  '    xlog("L_NOTICE", "registered $tU expires $hdr(Expires) contact $hdr(Contact)\\n");',
  '    exit;',
  '  }',
];

const calls = ({ realm = defaultRealm, isOpen, recordRoute = true, ways = {} }: KamailioOptions): string[] => [
  ...(isOpen ? [] : [`  if ($fd == "${realm}") {`, ...authenticated(realm), '  }']),
  ...(recordRoute ? ['  record_route();'] : []),
  '  if (is_present_hf("Route")) loose_route();',
  ...Object.entries(ways).flatMap(([prefix, target]) => [
    `  if ($(rU{s.substr,0,${prefix.length}}) == "${prefix}") {`,
    `    $du = "${target}";`,
    '    t_relay(); exit;',
    '  }',
  ]),
  '  if (!lookup("location")) {',
  '    xlog("L_NOTICE", "nobody at $ru\\n");',
  '    sl_send_reply("404", "Not Found"); exit;',
  '  }',
  '  t_relay();',
];
