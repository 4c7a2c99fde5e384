"""The wordings of labels on letters and forms, by what they label."""

# Key -> the wordings of its label. The longest wording at a place wins.
WORDINGS: dict[str, str] = {
    "patient": """patient name|patient's name|patients name|name of patient|pt name|pt. name|patient|pt|re|regarding|member name|
        client name|client|name of the patient|patient full name|full name|patient name (last, first)|
        patient name (last, first, mi)|name (last, first)|patient name (last,first)|patient information|in re|name/mrn|patient name/mrn|patient/mrn|name/dob|patient/dob|patient name/dob|patient name and dob|
        name and dob|patient name & dob|patient name and date of birth|patient name/date of birth|name & dob|consultation on|consult on|in reference to|reference|our patient|consultation for|consult for|subject|consult note for|consultation note for|letter for|concerning""",
    "name": "name|legal name|last name, first name|last, first",
    "family": "last name|patient last name|surname|family name|last",
    "given": "first name|patient first name|given name|first",
    "middle": "middle name|middle initial|mi|m.i.|middle",
    "birth": """date of birth|birth date|birthdate|dob|d.o.b.|d.o.b|patient dob|patient date of birth|birth dt|date of birth (mm/dd/yyyy)|dob (mm/dd/yyyy)|
        date of birth/age|dob/age|dob/sex|date of birth/sex|born|born on|birthday|pt dob|dob/age/sex|b.d.|bdate|d/o/b|birth|dob/mrn|date of birth/mrn|dob / mrn|
        patient's dob|patient's date of birth|patients dob""",
    "mrn": """mrn|patient's mrn|patients mrn|m.r. no|m.r. number|mrn no|mrn number|m.r.n.|medical record number|medical record no|medical record|medical record id|med rec no|med rec|
        med. rec. no.|med rec number|patient mrn|mr no|mr number|mr|m.r.|patient id|patient number|patient no|pt id|chart no|chart number|chart|chart id|
        record no|record number|unit no|unit number|hospital no|hospital number|patient identifier|pat id|our record no|emr id|our chart|our file no|file no|patient record|clinic no|clinic number|mrn id""",
    "ssn": "ssn|social security number|social security no|social security|ss no",
    "sex": "sex|gender|birth sex|sex at birth|legal sex|administrative sex",
    "visit": """service date/time|date/time of service|date/time of visit|visit date/time|encounter date/time|date and time of service|date and time of visit|
        date of service|service date|dos|d.o.s.|date of visit|visit date|date of consultation|consultation date|date of consult|
        consult date|date seen|seen on|seen|encounter date|date of encounter|date of exam|exam date|date of examination|examination date|
        date of evaluation|evaluation date|office visit|visit|date of office visit|service|service dt|clinic date|clinic visit|clinic visit date|
        date of procedure|procedure date|date(s) of service|dates of service|date patient seen|date of clinic visit|patient seen|patient seen on|visit dt|date of appointment|seen in clinic|seen in consultation|
        date of initial visit|encounter|encounter dt|office visit date|consultation|consulted on|date of initial consultation|date of surgery|surgery date|study date|date of study|exam dt|performed|performed on|date performed""",
    "written": """date dictated|dictated|dictated on|dictation date|date of dictation|date of report|report date|letter date|date of letter|date|
        note date|date of note|document date|date written|date signed|signed|signed on|date/time""",
    "other_date": """printed|printed on|print date|date printed|received|date received|received on|transcribed|date transcribed|transcription date|
        faxed|faxed on|fax date|referral date|date of referral|referred on|order date|date ordered|next appointment|next visit|follow up|follow-up|
        date of injury|date of onset|doi|admission date|admitted|date of admission|discharge date|discharged|collected|date collected|collection date|
        expires|expiration date|appointment|appointment date|last visit|last seen|effective date|valid until|scheduled for|scheduled|requested date|
        revised|updated|last updated|date of death|date of last visit|reported|resulted|verified|start date|end date|generated|generated on|due|return visit""",
    "home_phone": """patient phone|home phone|cell phone|mobile phone|patient tel|patient telephone|pt phone|home tel|daytime phone|evening phone|
        patient phone number|patient's phone|home telephone|mobile|cell|phone (home)|phone (cell)|phone (mobile)|home|contact phone|patient contact|home ph|cell no|mobile no""",
    "phone": "phone|telephone|tel|ph|phone number|phone no|t|p|office phone|main|office|call|tel no",
    "fax": "fax|fax number|fax no|f|facsimile|fax to|office fax",
    "address": "address|patient address|home address|mailing address|street address|street",
    "city": "city|city/state/zip|city, state, zip|city state zip",
    "state": "state",
    "zip": "zip|zip code|postal code|zipcode",
    "former": "maiden name|former name|previous name|former last name|previous last name|other names|other name|birth name|aka|a.k.a.|also known as|alias",
    "age": "age|age/sex|patient age",
    "npi": "npi|npi number|npi no|n.p.i.|individual npi|provider npi|type 1 npi",
    "referrer": """referring provider|referring physician|referring doctor|referring clinician|referring md|referring practitioner|referring|
        referred by|requesting provider|requesting physician|requesting doctor|requested by|ordering provider|ordering physician|ref provider|
        ref physician|ref. physician|ref. provider|ref by|ref. by|referral source|referral from|referring dr|referring provider name|at the request of|requesting clinician|
        ref phys|ref dr|referring office|referring practice|ordered by|ref md""",
    "recipient": "to|cc|c.c.|c|copy to|copies to|copy|copies|attn|attention|send to|report to|referred to|refer to|cc to|recipient|addressee|carbon copy|referral to|consult to",
    "author": """author|provider|consultant|consulting physician|consulting provider|consulting md|attending|attending physician|attending provider|
        seen by|performed by|dictated by|electronically signed by|electronically signed|signed by|authenticated by|electronically authenticated by|specialist|rendering provider|visit provider|
        examiner|physician|surgeon|e-signed by|esigned by|signed electronically by|digitally signed by|interpreting physician|reading physician|interpreted by|clinician|
        treating provider|treating physician|encounter provider|service provider|examining physician|evaluating provider|author of note|consultant name|signature|verified by|
        consult provider|seen by dr|consulting clinician|consulting specialist|dictating provider|dictating physician|reviewed and signed by|finalized by|proceduralist|authored by""",
    "sender": "from|sender|sent by|from office",
    "pcp": "pcp|primary care provider|primary care physician|primary care|primary physician|family physician|primary provider|primary doctor|primary care doctor|pcp name|family doctor",
    "relative": """emergency contact|emergency contact name|guarantor|guarantor name|next of kin|subscriber|insured|insured name|subscriber name|parent|
        guardian|parent/guardian|parent or guardian|legal guardian|parent/legal guardian|parent or legal guardian|spouse|policy holder|policyholder|
        responsible party|mother|father|caregiver|daughter|son|wife|husband|partner|legal representative|personal representative|
        patient representative|authorized representative|representative|power of attorney|poa|health care proxy|healthcare proxy|
        health care agent|healthcare agent|surrogate|conservator|financially responsible party|mother's name|father's name|spouse's name|
        parent's name|guardian's name|insured's name|policy holder's name|policy holder name|subscriber's name|guarantor's name|
        sibling|sister|brother|twin|twin brother|twin sister|grandmother|grandfather|grandparent|maternal grandmother|maternal grandfather|
        paternal grandmother|paternal grandfather|maternal aunt|maternal uncle|paternal aunt|paternal uncle|aunt|uncle|niece|nephew|cousin|
        stepmother|stepfather|foster mother|foster father|foster parent|father of baby|father of the baby|father of child|mother of baby|
        mother of the baby|donor|donor name|caregiver name|caregiver's name|caretaker|significant other|next of kin name""",
    "other_person": """contact|contact person|relation|relationship|relationship to patient|accompanied by|interpreter|transcriptionist|prepared by|
        nurse|medical assistant|ma|scheduler|coordinator|completed by|subscriber dob|insured dob|emergency phone|emergency contact phone|
        assistant|anesthesiologist|anesthetist|scribe|case manager|historian|witness""",
    "order": """order|order number|order no|order id|accession|accession number|accession no|acc|acc no|requisition|requisition no|requisition number|
        placer order|placer order number|order req|external order|epic order|acc number""",
    "their_referral": "referral number|referral no|referral id|referral|ref no|ref number|ref id|ref|our ref|your ref|your reference|our reference|referral request no|refloop no|refloop number|refloop|refloop referral|tracking no|tracking number|referral tracking number",
    "visit_id": "visit number|visit no|visit id|encounter number|encounter no|encounter id|csn|fin|har|fin number|visit fin|contact serial number",
    "status": "status|report status|document status|note status|result status",
    "title": "document type|document|note type|type of note|report type|title",
    "subject": "sub|reason for fax",
    "ignored": """insurance|insurance id|member id|member no|member number|policy|policy no|policy number|group|group no|group number|account|account no|
        account number|acct|acct no|payer|plan|authorization|authorization no|auth|auth no|authorization number|diagnosis|diagnoses|dx|icd-10|icd|cpt|
        reason for referral|reason for consultation|reason for visit|reason for consult|chief complaint|priority|urgency|specialty|department|dept|clinic|location|facility|
        practice|email|e-mail|pages|number of pages|page|time|website|language|race|ethnicity|marital status|height|weight|bmi|bp|allergies|
        medications|impression|assessment|plan of care|history|hpi|license|dea|upin|tax id|tin|job|job id|job no|document id|doc id|dictation id|d|
        comments|notes|message|remarks|organization|company|county|employer|occupation|suite|floor|building|room|bed|ward|problem|problems|
        procedure|indication|indications|technique|findings|comparison|conclusion|primary insurance|secondary insurance|medicaid id|medicare id|hicn|mbi|interpreter needed|vitals|pulse|temp|reason|question|clinical question""",
}  # fmt: skip
# Wordings that need no colon.
NEED_NO_COLON = {
    "date of birth", "birth date", "birthdate", "dob", "d.o.b.", "d.o.b", "patient dob", "mrn", "medical record number", "npi", "dos",
    "date of service", "service date", "date of visit", "visit date", "date of consultation", "consultation date", "ssn", "born", "mrn no", "date seen",
    "medical record no", "encounter date", "date of exam", "exam date", "born on", "patient id", "chart no", "date of consult", "pt dob", "med rec no", "mr no",
    "patient name", "patient's name", "pt name", "seen on", "referring provider", "referring physician", "electronically signed by", "patient mrn", "referred by",
    "date of encounter", "date of evaluation", "dictated by", "date dictated", "emergency contact", "subscriber", "guarantor", "next of kin", "cc", "clinic visit",
    "date of procedure", "procedure date", "date of office visit", "office visit", "in re",
}  # fmt: skip
