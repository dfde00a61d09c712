// Names that say what a value is. This folder promises: what stands under such a name is found whole, whatever it looks
// like, in every syntax that names values; and names that only contain such a word are left alone.
import type { EntityName } from '../entities.ts'

/** What a value must be like to count; names of few letters, or with a second meaning, ask for more. */
export type Demand =
  | 'any' // whatever it is
  | 'opaque' // one long word with digits or signs in it, or credentials with their scheme
  | 'pin' // three digits or more
  | 'digits' // an id: three digits or more
  | 'long-digits' // an id under a name of many uses: five digits or more
  | 'card' // eight digits or more, with nothing but separators and covers between
  | 'code' // 8 or 11 letters and digits
  | 'email'
  | 'phone'
  | 'name'
  | 'address'
  | 'postcode'
  | 'date'
  | 'gender'
  | 'coordinate'

export interface WordGroup {
  readonly entity: EntityName
  readonly demand: Demand
  /** `strong`: only a harmless word behind it makes it harmless. `weak`: any word behind it does, except those that keep it. */
  readonly hold: 'strong' | 'weak'
  /** Phrases, separated by commas; words of a phrase stand apart by a space, and in keys by anything or nothing. */
  readonly words: string
}

/** Secrets in the order of the languages: en, es, pt, de, fr, it, nl, pl, cs, sv, da, fi, tr, ru, zh, ja, ko, and for passwords hu, bg, hr, el, ar, fa, he, hi, id, vi, th. */
const SECRETS: readonly WordGroup[] = [
  {
    entity: 'password',
    demand: 'any',
    hold: 'strong',
    words: `password,passwd,pwd,pswd,passphrase,passcode,pass phrase,pass code,pass word,db pass,user pass,smtp pass,admin pass,
      root pass,mysql pass,postgres pass,redis pass,mail pass,ftp pass,proxy pass,auth pass,login pass,
      contraseña,clave de acceso,clave secreta,clave,senha,palavra passe,passwort,kennwort,passwörter,mot de passe,motdepasse,mdp,
      parola d'ordine,parola,wachtwoord,hasło,heslo,lösenord,adgangskode,kodeord,passord,salasana,şifre,parolam,
      пароль,密码,密碼,口令,パスワード,暗証番号,비밀번호,암호,
      jelszó,парола,lozinka,συνθηματικό,κωδικός πρόσβασης,كلمة المرور,كلمة السر,رمز عبور,סיסמה,סיסמא,पासवर्ड,kata sandi,mật khẩu,รหัสผ่าน`,
  },
  {
    entity: 'secret',
    demand: 'any',
    hold: 'strong',
    words: `secret,client secret,app secret,api key,apikey,api secret,api token,app key,secret key,secretkey,access key,accesskey,
      secret access key,account key,storage key,shared key,shared access key,master key,encryption key,decryption key,signing key,
      signature key,hmac key,aes key,session key,consumer key,consumer secret,service key,subscription key,license key,licence key,
      activation key,recovery key,security key,auth key,authkey,webhook secret,secret key base,recovery code,backup code,
      connection string,conn str,connstr,connectionstring,mnemonic,seed phrase,recovery phrase,jsessionid,phpsessid,
      secreto,clave api,llave secreta,segredo,chave secreta,chave de api,chave api,geheimnis,api schlüssel,zugangsschlüssel,
      clé secrète,clé api,clé d'api,chiave segreta,chiave api,geheim,sleutel api,api sleutel,klucz api,tajny klucz,sekret,api klíč,
      api nyckel,hemlighet,api nøgle,api avain,gizli anahtar,api anahtarı,секрет,секретный ключ,ключ api,密钥,密鑰,秘钥,
      シークレット,秘密鍵,비밀키,시크릿`,
  },
  {
    // A key of nobody in particular may be a name in a table; what a provider calls its key is none.
    entity: 'secret',
    demand: 'opaque',
    hold: 'weak',
    words: `openai key,anthropic key,gemini key,stripe key,twilio key,sendgrid key,mailgun key,datadog key,algolia key,
      firebase key,aws key,azure key,google key`,
  },
  { entity: 'password', demand: 'opaque', hold: 'weak', words: 'pass' },
  {
    entity: 'private_key',
    demand: 'any',
    hold: 'strong',
    words:
      'private key,privatekey,priv key,ssh private key,clave privada,chave privada,privater schlüssel,clé privée,chiave privata,klucz prywatny,закрытый ключ,私钥,개인키',
  },
  {
    entity: 'secret',
    demand: 'any',
    hold: 'weak',
    words: `token,accesstoken,authtoken,refreshtoken,idtoken,bearertoken,csrftoken,apitoken,sessiontoken,bottoken,usertoken,jwt,
      credential,cred,credencial,credenciales,credenciais,zugangsdaten,anmeldedaten,identifiants,credenziali,poświadczenia,
      authorization,proxy authorization,authorisation,auth code,authorization code,device code,
      jeton,jeton d'accès,gettone,żeton,токен,令牌,访问令牌,トークン,토큰`,
  },
  {
    entity: 'secret',
    demand: 'opaque',
    hold: 'weak',
    words:
      'auth,basic auth,http auth,auth header,cookie,set cookie,session cookie,signature,sig,x amz signature,seed,dsn,database url,db url,db uri,redis url,mongo uri,mongodb uri,webhook url',
  },
  {
    entity: 'pin',
    demand: 'pin',
    hold: 'weak',
    words: `pin,pin code,pin number,otp,otp code,totp,one time code,one time passcode,verification code,mfa code,sms code,
      código de verificación,código de verificação,bestätigungscode,prüfcode,code de vérification,codice di verifica,verificatiecode,
      kod weryfikacyjny,ověřovací kód,verifieringskod,doğrulama kodu,код подтверждения,验证码,認証コード,인증번호`,
  },
  {
    entity: 'card_verification',
    demand: 'pin',
    hold: 'weak',
    words:
      'cvv,cvc,cvn,csc,cvv2,cvc2,security code,card code,card security code,card verification,card verification value,card verification code,código de seguridad,código de segurança,kartenprüfnummer,prüfziffer karte,cryptogramme,codice di sicurezza,安全码',
  },
]

const PAYMENT: readonly WordGroup[] = [
  { entity: 'credit_card', demand: 'card', hold: 'weak', words: 'card,pan,cc' },
  {
    entity: 'credit_card',
    demand: 'digits',
    hold: 'weak',
    words: `card number,cardnumber,card no,cardno,card num,card nr,cc number,cc num,ccnum,credit card,creditcard,debit card,primary account number,
      número de tarjeta,tarjeta,tarjeta de crédito,número do cartão,cartão,cartão de crédito,kartennummer,kreditkarte,
      kreditkartennummer,numéro de carte,carte bancaire,carte bleue,numero carta,carta di credito,kaartnummer,creditcardnummer,
      numer karty,karta kredytowa,číslo karty,kortnummer,kreditkort,kart numarası,kart no,kredi kartı,номер карты,银行卡号,卡号,
      カード番号,카드번호`,
  },
  { entity: 'iban', demand: 'digits', hold: 'weak', words: 'iban' },
  {
    entity: 'bank_account',
    demand: 'digits',
    hold: 'weak',
    words: `account number,accountnumber,account no,acct no,acct number,acct num,account num,bank account,bankaccount,sort code,clabe,ifsc,ifsc code,
      número de cuenta,cuenta bancaria,número da conta,conta bancária,kontonummer,bankkonto,bankleitzahl,blz,numéro de compte,
      compte bancaire,rib,numero conto,conto corrente,rekeningnummer,bankrekening,numer konta,nr konta,číslo účtu,tilinumero,
      hesap numarası,hesap no,номер счета,номер счёта,银行账号,账号,口座番号,계좌번호`,
  },
  { entity: 'bank_account', demand: 'code', hold: 'weak', words: 'bic,bic code,swift code,swift bic,swift number' },
  {
    entity: 'us_aba',
    demand: 'long-digits',
    hold: 'weak',
    words: 'routing,routing number,routing no,aba,aba number,routing transit number',
  },
]

const PERSON: readonly WordGroup[] = [
  {
    entity: 'person_name',
    demand: 'name',
    hold: 'weak',
    words: `first name,firstname,last name,lastname,full name,fullname,surname,maiden name,given name,givenname,family name,familyname,
      middle name,middlename,forename,fname,lname,customer name,patient name,employee name,contact name,cardholder,cardholder name,
      card holder,card holder name,account holder,account holder name,beneficiary name,recipient name,passenger name,student name,
      nombre completo,apellido,apellidos,primer nombre,nome completo,sobrenome,apelido,vorname,nachname,familienname,geburtsname,
      prénom,nom de famille,nom complet,cognome,nome e cognome,voornaam,achternaam,imię,nazwisko,jméno,příjmení,förnamn,efternamn,
      fornavn,etternavn,etunimi,sukunimi,soyad,soyadı,ad soyad,имя,фамилия,отчество,фио,姓名,氏名,이름,성명`,
  },
  {
    entity: 'email',
    demand: 'email',
    hold: 'weak',
    words: `email,e mail,mail,email address,mail address,email id,correo,correo electrónico,courriel,adresse mail,e mail adresse,
      emailadresse,posta elettronica,e postadress,sähköposti,e posta,eposta,почта,электронная почта,邮箱,电子邮件,メールアドレス,이메일`,
  },
  {
    entity: 'phone',
    demand: 'phone',
    hold: 'weak',
    words: `phone,phone number,phonenumber,mobile,mobile number,tel,telephone,telephone number,cell,cell phone,cellphone,msisdn,fax,fax number,
      contact number,whatsapp,teléfono,móvil,celular,telefone,telemóvel,telefon,telefonnummer,handy,handynummer,mobilnummer,
      rufnummer,téléphone,portable,numéro de téléphone,telefono,cellulare,telefoon,telefoonnummer,mobiel,numer telefonu,komórka,
      mobil,puhelin,puhelinnumero,cep telefonu,телефон,номер телефона,电话,手机,手机号,电话号码,電話番号,携帯電話,전화번호,휴대폰`,
  },
  {
    entity: 'postal_address',
    demand: 'address',
    hold: 'weak',
    words: `address,addr,address line,street,street address,street name,home address,billing address,shipping address,mailing address,
      postal address,dirección,calle,domicilio,endereço,rua,logradouro,morada,adresse,anschrift,straße,strasse,hausnummer,
      wohnort,rue,adresse postale,indirizzo,adres,straat,ulica,ulice,adresa,gatuadress,katuosoite,osoite,adresi,sokak,
      адрес,улица,地址,住址,住所,주소`,
  },
  {
    entity: 'postal_address',
    demand: 'postcode',
    hold: 'weak',
    words: `postcode,post code,postal code,postalcode,zip,zip code,zipcode,pincode,código postal,cep,plz,postleitzahl,code postal,
      codice postale,kod pocztowy,psč,postnummer,postinumero,posta kodu,почтовый индекс,邮编,邮政编码,郵便番号,우편번호`,
  },
  {
    entity: 'date_of_birth',
    demand: 'date',
    hold: 'weak',
    words: `dob,date of birth,birth date,birthdate,birthday,birth,birth day,year of birth,birth year,fecha de nacimiento,nacimiento,
      data de nascimento,nascimento,geburtsdatum,geburtstag,date de naissance,naissance,data di nascita,geboortedatum,
      data urodzenia,datum narození,födelsedatum,fødselsdato,syntymäaika,doğum tarihi,дата рождения,出生日期,生年月日,생년월일`,
  },
  {
    entity: 'gender',
    demand: 'gender',
    hold: 'weak',
    words:
      'gender,sex,género,sexo,gênero,geschlecht,sexe,sesso,geslacht,płeć,pohlaví,kön,køn,kjønn,sukupuoli,cinsiyet,пол,性别,性別,성별',
  },
  {
    entity: 'coordinates',
    demand: 'coordinate',
    hold: 'weak',
    words:
      'lat,latitude,lon,lng,longitude,latitud,longitud,breitengrad,längengrad,latitudine,longitudine,широта,долгота,纬度,经度',
  },
]

export const WORD_GROUPS: readonly WordGroup[] = [...SECRETS, ...PAYMENT, ...PERSON]
