import type { EntityName } from '../../entities.ts'
import { spellings } from './spellings.ts'

const KOREAN_RESIDENT = ['주민등록번호', '주민번호', '주민등록']

export const ASIAN_CONTEXT = {
  in_aadhaar: ['aadhaar', 'aadhar', 'adhaar', 'uidai', 'आधार'],
  in_pan: ['pan', ...spellings('permanent account number', 'pan card', 'pan number', 'pan no'), 'स्थायी खाता'],
  in_gstin: ['gstin', 'gst', ...spellings('gst number', 'goods and services tax')],
  in_voter: ['epic', 'voter', ...spellings('voter id', 'elector photo', 'election card', 'epic number'), 'मतदाता'],
  in_passport: ['passport', 'पासपोर्ट'],
  in_vehicle: [
    'vehicle',
    'rto',
    ...spellings('number plate', 'registration number', 'vehicle number', 'vehicle registration'),
  ],
  kr_rrn: [...KOREAN_RESIDENT, 'rrn', ...spellings('resident registration', 'resident number')],
  kr_frn: ['외국인등록번호', '외국인등록', 'frn', ...spellings('foreigner registration', 'alien registration')],
  kr_brn: ['사업자등록번호', '사업자번호', '사업자등록', 'brn', ...spellings('business registration')],
  kr_driver_license: [
    '운전면허번호',
    '운전면허',
    '면허번호',
    ...spellings('driver license', 'drivers license', 'driving licence'),
  ],
  kr_passport: ['여권번호', '여권', 'passport'],
  sg_nric: ['nric', 'fin', ...spellings('identity card', 'foreign identification number', 'singpass')],
  sg_uen: ['uen', 'acra', ...spellings('unique entity number', 'business registration')],
  // Stems: Thai words are not set apart, and in UTF-8 a long one does not fit into what counts as near.
  th_national_id: [
    'ประชาชน',
    'ประจำตัว',
    'ภาษี',
    'tnin',
    ...spellings('thai id', 'national id', 'citizen id', 'thai national'),
  ],
  ph_tin: ['tin', ...spellings('taxpayer identification', 'tax identification', 'tin number')],
  ph_mobile: ['gcash', 'globe telecom', ...spellings('philippine mobile', 'ph mobile')],
} as const satisfies Partial<Record<EntityName, readonly string[]>>
