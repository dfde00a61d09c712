const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** A key that begins with one of these asks or counts: `has_password`, `max_tokens`. */
export const HARMLESS_FIRST =
  words(`is has have had can may must should will would was are allow allows allowed require requires enable
  enables disable disables use uses using show shows hide hides support supports num number no of n max min maximum minimum total sum avg
  average mean count counts remaining estimated expected valid invalid missing forgot ignore skip validate check verify verified with
  without force needs wants sends sent send exclude include public`)

/** Words behind a name that tell something about the value, not the value: `token_count`, `secret_arn`, `password_policy`. */
export const HARMLESS_LAST =
  words(`count counts counter id ids uid uuid guid type types kind class category name names title label labels
  url uri urls link links href endpoint host port domain at on date time timestamp ts ms sec seconds minutes hours days day age ttl expires
  expiry expiration expired expire exp created updated modified changed rotated issued used usage last first next enabled disabled required
  optional verified valid validity invalid validated confirmed set unset exists present missing policy policies rule rules length len size
  limit limits max min version versions status state hint hints format pattern regex strength score level complexity requirement
  requirements attempts attempt retries failures reset resets recovery forgot change update rotation manager provider service vault store
  storage source ref reference references arn path file filename folder dir directory location field fields column columns input form page
  prompt placeholder message messages error errors text texts template description descriptions help info note notes comment docs policyid
  algorithm algo alg method methods mode scheme schema strategy function func fn handler callback validator validation generator parser
  encoder encoding model models index indexes idx position offset order prefix suffix scope scopes audience issuer subject owner holder
  user username users role roles group groups permission permissions bucket pool cache queue list lists table tables total sum amount
  balance price cost budget rate quota percentage percent ratio symbol decimals supply network chain standard contract brand issuer bin
  provider providers vendor visibility protected protection needed supported allowed login flow grant request response event events
  notification notifications alert alerts subscription preference preferences setting settings option options config configuration
  section tab button icon color theme style view screen dialog modal toggle switch flag flags check checks checkbox env var variable
  mask masked masking fd stdin managed management session country city region area zone lang language locale metadata`)

/** Words behind a weak name that keep it a value: `phone_number`, `address_line_1`, `token_value`. */
export const KEEPS =
  words(`number numbers no num nr nummer numero value values val string str raw plain plaintext plaintxt hash hashed digest
  salt encrypted enc encoded base b64 secret key token data content body bytes binary header code digits full primary secondary main
  alternate alternative alt other home work office business personal private mobile landline day evening new old current previous prev
  confirmation confirm repeat again original real default line lines one two three first second third last four address addr prod
  production dev development stage staging test testing live sandbox local root admin master readonly ro rw write read backup temp tmp
  customer client user employee contact billing shipping delivery emergency`)

/** Kinds whose name says something else behind these words: `ip_address`, `next_page_token`, `smart_card`. */
export const OTHER_AFTER: Readonly<Record<string, ReadonlySet<string>>> = {
  address:
    words(`ip ipv v mac network net subnet host server bind listen listening remote local peer source src destination dest dst proxy
    gateway node wallet contract token bitcoin btc eth ethereum crypto coin deposit withdrawal memory physical virtual bus register
    web url http https socket endpoint base start end return hex email mail e interface dns nat broadcast multicast loopback i smtp
    internal external public cluster pod service device bluetooth ble relay machine load api by client upstream x`),
  addr: words('ip ipv v mac remote local listen bind host server peer src dst source dest memory base x net'),
  street: words('wall bourbon'),
  token:
    words(`next prev previous page paging pagination continuation continue cont sync resume cursor progress start end stop eos bos pad
    unk cls sep mask special input output prompt completion cached cache reasoning audio image thinking per used remaining available
    estimated context idempotency dedup deduplication ownership governance erc nft lexer lex syntax word sub subword trailing leading
    first last current unexpected expected invalid design punctuation operator close open separator delimiter keyword comma after
    before position rows watch delta skip scroll iterator list fungible native reward lp base quote generated wait hint`),
  card: words(`smart graphics video sound network sim sd memory business id report score punch post trello kanban
    flash index time wild info hover ui pricing product profile`),
  mail: words('smtp e server'),
  mobile: words('is isp auto'),
  cell: words(
    'table grid spreadsheet excel solar fuel battery stem active selected current unit data header start end row column html',
  ),
  sex: words('bio'),
  signature: words(
    'function method type call email mail stack theory code event abi db block time key error parameter',
  ),
  zip: words('is un g gun tar to file'),
  license: words('software package project repo repository spdx code source open data image'),
  licence: words('software package project code source open data'),
  seed: words(
    'random rand rng model sampling generation generator test sample shuffle split init global numpy torch db',
  ),
  lat: words('max avg'),
  secret: words('top trade'),
  pin: words(
    'gpio led input output tx rx sda scl reset clock data digital analog header io map push button sensor board pull chip cs',
  ),
  pan: words('tilt camera frying baking zoom map'),
  portable: words('is'),
  auth: words('no skip'),
  routing: words('message request url page client call http event queue agent'),
  passport: words('use strategy vaccine'),
  credential: words('verifiable type'),
  'pass phrase': words('no'),
  'access key': words('html accesskey'),
  email: words('no send per'),
}

/** Keys that contain a word and say something else altogether. */
export const EXCEPTIONS =
  words(`tokens_used max_tokens next_page_token secret_name key_id public_key password_changed_at author pin_count
  card_type address_count name token_type expires_in progress_token mail_to access_key_id secret_id clave_primaria security_key_id
  signature_version routing_key password_encryption`)
