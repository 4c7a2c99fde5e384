"""Titles and sentences by which the kind of a letter is known. Kinds are those of ``Reading.kind``."""

import re

from referrals.intake.letters.phrases import any_of

# Titles: a short line that is mostly one of these. The first kind that fits wins.
TITLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("other", any_of(
        r"fax\s*(?:cover|transmittal|transmission)", "facsimile(?: (?:cover|transmittal|transmission))?",
        r"cover\s*sheet", "appointment (?:reminder|confirmation|notice|letter)",
        r"(?:no[-\s]?show|missed appointment)(?: (?:letter|notice|notification))?", "records? request",
        "request for (?:medical )?records", "authorization (?:for|to) release", "prior authorization",
        "unable to (?:reach|schedule|contact)",
        "referral (?:status|declined|closure|rejection|update|cancell?ation)", "scheduling (?:notice|confirmation)",
        "statement", "invoice", "prescription refill",
    )),
    ("procedure_report", any_of(
        r"(?:operative|procedure|procedural|colonoscopy|endoscopy|egd|bronchoscopy|catheteri[sz]ation|cardiac cath\w*|surgical) (?:report|note)",
        "op(?:erative)? note", "report of (?:operation|procedure)",
    )),
    ("result", any_of(
        r"(?:laboratory|lab|pathology|radiology|imaging|cytology|ct|mri|x-?ray|ultrasound|echocardiogra(?:m|phy)|mammogra(?:m|phy)|ekg|ecg|holter|stress test|dexa|sleep study|emg|eeg|pet)(?: \w+){0,3} (?:report|results?|interpretation)",
        "(?:laboratory|lab|test) results?", "diagnostic imaging report",
    )),
    ("referral_letter", any_of(
        "referral (?:request|form|order|letter|for)", r"(?:request|order) for (?:consult\w*|referral)",
        "consult(?:ation)? request", "(?:outpatient|outgoing|specialist|specialty) referral", "new patient referral",
        "letter of referral", "^referral$", r"referral to \w+",
    )),
    ("consult_note", any_of(
        "consult(?:ation)?(?: (?:note|report|letter|summary|visit))?",
        r"(?:office|clinic|progress|new patient|follow[-\s]?up|outpatient|specialist|initial|visit|encounter|clinical) (?:\w+ )?(?:note|visit|evaluation|summary|letter|report)",
        r"initial (?:consult\w*|evaluation)", "history and physical",
    )),
)  # fmt: skip

# Sentences and headings that count for a kind, with their weight.
SIGNS: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("other", 4, any_of(
        "did not (?:keep|attend|show|present for|come (?:to|in))", "failed to (?:keep|attend|show)",
        r"no[-\s]show(?:ed)? (?:for|to|his|her)", r"missed (?:his|her|their|the|your|an) (?:\w+ )?appointment",
        "have (?:been unable|not been able) to (?:reach|contact|schedule)", "unable to (?:reach|contact|schedule)",
        "attempts? to (?:reach|contact|schedule)",
    )),
    ("other", 3, any_of(
        r"(?:reminder|remind you)\b.{0,60}appointment", "your (?:upcoming )?appointment (?:is|has been)",
        "appointment has been (?:scheduled|confirmed|cancell?ed)", "please (?:arrive|bring your)",
        "has been scheduled (?:for|with|to see)",
    )),
    ("other", 2, any_of(
        "number of pages", r"pages?\s*\(?\s*including (?:this )?cover", "total pages",
        "please (?:send|fax) (?:us )?(?:the )?(?:medical )?records", "we are (?:not )?(?:able|unable) to accept",
        "declin(?:e|ed|ing) (?:this|the|your) referral",
    )),
    ("referral_letter", 4, any_of(
        "(?:I|we) (?:am|are|would like to|'m|wish to) refer(?:ring)?", r"referring (?:this|the|him|her|them)\b",
        r"thank\s*you (?:in advance )?for (?:seeing|accepting|agreeing to|evaluating|your (?:evaluation|assessment|help|assistance))",
        "please (?:see|evaluate|assess|consult)", "kindly (?:see|evaluate)",
        r"(?:would|I) (?:\w+ )?appreciate your (?:evaluation|opinion|input|assessment|consultation|expert)",
        "your (?:opinion|evaluation) (?:is|would)",
    )),
    ("referral_letter", 2, any_of(
        "reason for referral", r"referred to\s*:", r"referral to\s*:", "clinical question", "services? requested",
        "number of visits",
    )),
    ("consult_note", 4, any_of(
        r"thank\s*you (?:so much |very much )?for (?:referring|asking (?:me|us)|allowing|involving|sending|entrusting|the opportunity|(?:your|the|this) (?:kind )?(?:referral|consultation))",
        r"(?:pleasure|opportunity|privilege) (?:of|to) (?:see|seeing|evaluat\w+|meet\w*|examin\w+)",
        r"seen in (?:\w+ )?consultation", "in consultation (?:on|at|for)",
        r"participat\w+ in (?:the |his |her )?care", "(?:I|we) (?:saw|evaluated|examined)",
    )),
    ("consult_note", 2, any_of(
        "history of (?:the )?present illness", r"\bHPI\b", "physical exam", "review of systems",
        r"(?:impression|assessment)\s*(?:and|&|/)?\s*(?:plan|recommendations?)", r"\bwas seen\b",
        "consult(?:ing|ation) (?:physician|provider|date)", "reason for consult",
    )),
    ("consult_note", 1, any_of(
        r"^\s*(?:impression|assessment|recommendations?|plan)\b", r"\bA/P\b",
    )),
    ("procedure_report", 4, any_of(
        r"pre-?\s?operative diagnosis", r"post-?\s?operative diagnosis", "procedures? performed",
        "estimated blood loss", "description of (?:the )?procedure", "operative findings",
    )),
    ("procedure_report", 2, any_of(
        r"\banesthesia\b", "withdrawal time", "scope was (?:advanced|passed)", "specimens? (?:removed|sent)",
    )),
    ("result", 3, any_of(
        "reference (?:range|interval)", "specimen (?:type|source|collected|received)", "gross description",
        "microscopic description", r"ejection fraction\s*:", r"^\s*technique\s*:", r"^\s*comparison\s*:",
    )),
)  # fmt: skip
