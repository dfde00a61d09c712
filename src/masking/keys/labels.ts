// What forms, and their translations, call a value: "Password", "Confirm password", "Mot de passe", "Введите пароль".
import { entityOfPhrase, type KeyKind, SECRET_PHRASES } from './dictionary.ts'
import { NO_VALUES } from './no-values.ts'
import { fold } from './split-key.ts'
import { CJK } from './strict-values.ts'

/** A longer text, in code units, is none. */
const LABEL_MAX = 80
/** The same where letters are escapes, as far as a text is looked at. */
const ESCAPED_MAX = 250
const WORDS_MAX = 10

/** What forms and their messages say beside a name, in 14 languages. */
const FORM_WORDS = `again agree app application account accounts choose click code codes confirm confirmation copy current email empty
  enter existing expires field fill forgot forgotten format generate hide input insert invalid keep least lost mail
  match matches minimum mismatch new number old one or optional original otp paste personal phone pick pin please
  previous re-enter reenter re reset repeat required re-type retype same show sign strength strong temporary time too
  type unique update verification verify visible weak wrong actual ahora anterior confirma confirmar confirmación
  confirme correo electrónico escriba escribe incorrecta ingresa ingrese introduce introduzca mostrar nueva nuevo
  olvidé olvidaste olvidado olvidó otra por favor repetir repita repite restablecer vez vieja coinciden antiga atual
  confirmação digite esqueci esqueceu informe insira minha nova novamente sua velha coincidem aktuelles aktueller
  altes anzeigen bestätigen bestätigung bestätige bitte eingeben erneut falsches gib geben sie ihr ihre ihren dein
  deine neues neuer neuen ungültiges ungültiger wählen wiederholen wiederhole zurücksetzen ändern setzen stimmen
  überein deinen à actuel actuelle ancien ancienne afficher changer choisir confirmer confirmez entrer entrez nouveau
  nouvelle oublié oubliée répéter répétez réinitialiser retaper saisir saisissez veuillez vos utilisateur attuale
  conferma confermare dimenticata dimenticato immettere immetti inserire inserisci inserite mostra nuova nuovo ripeti
  reimposta vecchia bevestig bevestigen herhaal huidig huidige invoeren nieuw nieuwe opnieuw oud oude uw voer wijzig
  wijzigen toon in aktualne nowe nowego obecne podaj potwierdź potwierdzenie powtórz pokaż stare swoje twoje wpisz
  wprowadź zmień zresetuj aktuální nové potvrdit potvrzení potvrďte původní staré vaše zadejte zapomněli znovu změnit
  ange bekräfta ditt gammalt nuvarande nytt upprepa visa välj återställ bekræft din gammel gentag glemt indtast ny
  nuværende vælg anna nykyinen uusi uudelleen vahvista vanha unohditko syötä doğrula eski girin giriniz geçerli mevcut
  onayla onaylayın tekrar unuttum unuttunuz yeni mu parola введите ввести ваш выберите повторите подтвердите
  подтверждение забыли забыл изменить измените новый нового новым показать сбросить сменить старый текущий текущего
  укажите совпадают ещё еще раз снова неправильный change changes allow allowed age cannot close day days different do
  duplicate entry expiration expiry failed first hint history last link manage managed meter policy policies remember
  save security send service settings supplied today tomorrow used view you access bot webhook signing cambiar cambio
  para está del se ha caducado caduca recordar frase al puede ocultar alterar alteração uma foi alterada lembrar
  conferem muito curta expirou seu des für geändert müssen werden zu läuft ab neue ungültige falsche leere letzte
  angegeben erlaubt kurz lang merken vergessen verbergen zur beim du est être été vous devez modifier pour aucun
  changé trop court long correspondent différents masquer souvenir temporaire della per modifica più essere stata già
  troppo corta lunga corrispondono ricorda nascondi voor van geen vervalt gewijzigd worden onthouden overeen komen
  kort kies zmiana proszę ponownie podane zgadzają się zapamiętaj ukryj są za krótkie musíte vložte změna prosím
  neshodují pamatovat skrýt att har ett ändra felaktig felaktigt matchar kom ihåg för dölj er af ikke skal den ændring
  ændr husk forkert skjul vis ei muuta muista virheellinen eivät täsmää väärä näytä bir için lütfen değiştir
  eşleşmiyor hatalı çok kısa uzun göster gizle ile для действия новую вы изменён истекает запомнить должен неверная
  скрыть текущая фраза фразу указан изменен сменить введённый неверен быть`
/** Names of secrets as they stand in sentences. */
const INFLECTED = `hasła hesla lösenordet adgangskoden salasanan salasanasi şifreni şifrenizi şifreniz şifreyi parolanızı пароли пароля
  паролем токена passworts passwörter haseł hasłami tokenu tokeny hesel heslem lösenorden lösenfras lösenfrasen
  adgangsfrase adgangsfrasen salasanaa salasanat parolası parolayı parolasını parolanız паролей токены passordet`
/** What forms say in languages that write no blanks. */
const FORM_PIECES = `请 請 キー 키 キーを 鍵 输入 輸入 您的 你的 我的 新 旧 舊 原 当前 目前 确认 確認 再次 重复 重新 重置 修改 更改 设置 設置 忘记 忘記 登录 用户 的 了 吗 码 错误 显示 を に の が は で ください
  して して下さい 入力 新しい 新規 現在 現在の 古い 用 再 再入力 変更 設定 忘れた 忘れました か お忘れですか リセット 表示 ログイン もう一度 새 새로운 현재 기존 입력 입력하세요 입력해 주세요 하세요
  해주세요 확인 재입력 다시 변경 설정 를 을 의 이 가 찾기 재설정 잊으셨나요 분실 로그인 不一致 不正确 不正確 太短 太長 太长 必须 必須 变更 變更 提示 两次 兩次 为空 不能 有误 無效 无效 失效 已过期
  未提供 是 個 个 再入力して 一致しません 正しくありません 必須です 変更する 有効期限 を忘れた 場合 です 名 올바르지 않습니다 입력하십시오 일치하지 사용할 없음 만료 유효하지 저장 숨기기 표시 종류 이름`

const listed = (text: string): readonly string[] => text.trim().split(/\s+/)

const WORDS: ReadonlySet<string> = new Set(
  [...SECRET_PHRASES, ...listed(FORM_WORDS), ...listed(INFLECTED), ...NO_VALUES].flatMap((phrase) => wordsOf(phrase)),
)
const NOUNS: readonly string[] = [...SECRET_PHRASES, ...listed(INFLECTED)].map((phrase) => wordsOf(phrase).join(' '))
/** Alone, each of these is what a value is called. */
const ONE_WORD: ReadonlySet<string> = new Set(NOUNS.filter((noun) => !noun.includes(' ')))
const MORE_WORDS: readonly string[] = NOUNS.filter((noun) => noun.includes(' '))
/** Whoever says "my secret" may mean it. */
const OWN = /^(?:i|me|my|mine)$/

const NOUN_PIECES = piecesOf(SECRET_PHRASES)
const PIECES = piecesOf([...SECRET_PHRASES, ...listed(FORM_PIECES)])

/** The longest first. */
function piecesOf(phrases: readonly string[]): RegExp {
  const pieces = phrases.filter((phrase) => CJK.test(phrase)).map((phrase) => phrase.replaceAll(' ', ''))
  return new RegExp(pieces.toSorted((a, b) => b.length - a.length).join('|'), 'gu')
}

const SHAPE = /^[\p{L}\p{M}\s'’,.:;?¿*…()/&：？。、，（）-]+$/u
/** A capital before a small letter or in a compound, a letter beyond ASCII, or a blank: weak passwords are one small word. */
const WRITTEN = /^\W*[A-Z](?:[a-z]|[A-Za-z]*-[A-Za-z])|\P{ASCII}|\p{L}\s+\p{L}/u
/** The only word of a label, and what may stand behind it. */
const ALONE = /^(?!.*\p{Ll}\p{Lu})[\p{L}\p{M}]+\s?[:：*…]?\s*$/u

/** Whether a value only says what its key says, as the text beside a field does, and the messages about it. */
export function isLabel(kind: KeyKind, text: string): boolean {
  const isEscaped = text.includes('\\u')
  if (text.length > (isEscaped ? ESCAPED_MAX : LABEL_MAX)) return false
  const said = isEscaped ? text.replaceAll(ESCAPE, unescaped) : text
  if (!SHAPE.test(said)) return false
  if (!kind.isSecret) return entityOfPhrase(said) === kind.entity
  return WRITTEN.test(said) && (CJK.test(said) ? isOfPieces(said) : isOfWords(kind, said))
}

const ESCAPE = /\\+u([\da-f]{4})/gi

function unescaped(_: string, code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16))
}

/** `パスワード(P)`: the key to press. */
const ACCELERATOR = /^[a-z]$/

function isOfPieces(said: string): boolean {
  return (
    said.search(NOUN_PIECES) >= 0 &&
    wordsOf(said.replaceAll(PIECES, ' ')).every((word) => WORDS.has(word) || ACCELERATOR.test(word))
  )
}

function isOfWords({ entity }: KeyKind, said: string): boolean {
  const words = wordsOf(said)
  if (words.length > WORDS_MAX || words.some((word) => OWN.test(word))) return false
  const [first = ''] = words
  // A field for a password is not called "Secret", and a weak password may be.
  if (words.length === 1) return isNoun(first) && ALONE.test(said) && (entityOfPhrase(first) ?? entity) === entity
  return words.every((word) => isKnown(word, WORDS)) && (words.some(isNoun) || hasPhrase(words.join(' ')))
}

function isNoun(word: string): boolean {
  return isKnown(word, ONE_WORD)
}

function hasPhrase(said: string): boolean {
  return MORE_WORDS.some((phrase) => said.includes(phrase))
}

/** For one of it or more. */
function isKnown(word: string, among: ReadonlySet<string>): boolean {
  return among.has(word) || (word.endsWith('s') && among.has(word.slice(0, -1)))
}

function wordsOf(text: string): string[] {
  return fold(text)
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '')
}
