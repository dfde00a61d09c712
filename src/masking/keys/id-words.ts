import type { EntityName } from '../entities.ts'
import type { WordGroup } from './words.ts'

/** Names of ids of persons and companies; their value has digits, so a name of few letters is no risk. */
const IDS: readonly (readonly [EntityName, string])[] = [
  ['us_ssn', 'ssn,social security,social security number,social security no,ss number,socialsecuritynumber'],
  ['us_itin', 'itin'],
  ['us_npi', 'npi,npi number,national provider identifier'],
  ['us_mbi', 'mbi,medicare beneficiary identifier,medicare beneficiary number'],
  ['us_dea', 'dea number,dea no'],
  [
    'us_passport',
    'passport,passport number,passport no,pasaporte,passaporte,passeport,passaporto,paspoort,paszport,pasaport,паспорт,护照,護照,パスポート,여권번호',
  ],
  [
    'us_driver_license',
    'driver license,drivers license,driver licence,drivers licence,driving license,driving licence,driver license number,dl number,carnet de conducir,licencia de conducir,carteira de motorista,cnh,permis de conduire,rijbewijs,prawo jazdy,водительские права,驾驶证',
  ],
  ['uk_nhs', 'nhs,nhs number,nhs no'],
  ['uk_nino', 'nino,national insurance,national insurance number,ni number'],
  [
    'uk_vehicle',
    'number plate,licence plate,license plate,vehicle registration,matrícula vehículo,plaque immatriculation,targa',
  ],
  ['ca_sin', 'sin number,social insurance number,social insurance'],
  ['au_tfn', 'tfn,tax file number'],
  ['au_abn', 'abn,australian business number'],
  ['au_acn', 'acn,australian company number'],
  ['au_medicare', 'medicare,medicare number,medicare card'],
  ['de_tax_id', 'steuer id,steuerid,steuer identifikationsnummer,steueridentifikationsnummer,idnr,steuer idnr'],
  ['de_tax_number', 'steuernummer,steuer nummer,steuernr'],
  ['de_social_security', 'sozialversicherungsnummer,rentenversicherungsnummer,svnr,sv nummer'],
  ['de_health_insurance', 'krankenversichertennummer,krankenversicherungsnummer,kvnr,versichertennummer'],
  ['de_id_card', 'personalausweis,personalausweisnummer,ausweisnummer,ausweis nr'],
  ['de_passport', 'reisepass,reisepassnummer'],
  ['de_driving_licence', 'führerschein,führerscheinnummer,fahrerlaubnis'],
  ['de_vat_id', 'ust id,ustid,ust idnr,ustidnr,umsatzsteuer id'],
  ['de_lanr', 'lanr,arztnummer'],
  ['de_bsnr', 'bsnr,betriebsstättennummer'],
  ['de_vehicle', 'kfz kennzeichen,kennzeichen'],
  ['fr_nir', 'nir,numéro de sécurité sociale,sécurité sociale,numéro insee'],
  ['es_nif', 'nif,dni,documento nacional de identidad'],
  ['es_nie', 'nie'],
  ['it_fiscal_code', 'codice fiscale,codicefiscale'],
  ['it_vat', 'partita iva,partitaiva'],
  ['it_id_card', "carta d'identità,carta identità"],
  ['it_driving_licence', 'patente di guida'],
  ['br_cpf', 'cpf'],
  ['br_cnpj', 'cnpj'],
  ['pl_pesel', 'pesel'],
  ['se_personnummer', 'personnummer,samordningsnummer'],
  ['se_organisationsnummer', 'organisationsnummer,orgnr'],
  ['fi_pic', 'hetu,henkilötunnus'],
  ['tr_national_id', 'kimlik,kimlik no,tckn,tc kimlik no,kimlik numarası'],
  ['tr_license_plate', 'plaka'],
  ['za_id', 'rsa id number,south african id'],
  ['in_aadhaar', 'aadhaar,aadhar,aadhaar number,आधार'],
  ['in_pan', 'pan number,pan card,pan no'],
  ['in_gstin', 'gstin,gst number'],
  ['in_voter', 'voter id,epic number'],
  ['kr_rrn', 'rrn,주민등록번호,주민번호'],
  ['kr_frn', '외국인등록번호'],
  ['kr_brn', '사업자등록번호'],
  ['sg_nric', 'nric'],
  ['sg_uen', 'uen'],
  ['th_national_id', 'บัตรประชาชน'],
  ['ng_nin', 'nin'],
  [
    'national_id',
    `national id,nationalid,national id number,national identity number,identity number,id card,id card number,identity card,
    tax id,taxid,tax identification number,taxpayer id,taxpayer number,tin,tin number,curp,rut,cédula,documento de identidad,
    bsn,burgerservicenummer,nip,regon,dowód osobisty,rodné číslo,rodne cislo,fødselsnummer,cpr,cpr nummer,emirates id,hkid,
    vat number,vat id,vat no,инн,снилс,身份证,身份证号,身份证号码,マイナンバー,個人番号`,
  ],
]

/** Software has licences too; only what looks like a number of one counts. */
const OTHERS: readonly WordGroup[] = [
  {
    entity: 'us_driver_license',
    demand: 'long-digits',
    hold: 'weak',
    words: 'licence,license,licence number,license number,permit number,licencia',
  },
]

export const ID_GROUPS: readonly WordGroup[] = [
  ...IDS.map(([entity, words]) => ({ entity, demand: 'digits' as const, hold: 'weak' as const, words })),
  ...OTHERS,
]
