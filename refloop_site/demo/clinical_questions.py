"""What referrals ask, per specialty, with ICD-10-CM codes and the answer a consult note would give."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One ask. ``sex`` empty: anybody. Ages in years."""

    text: str
    diagnoses: tuple[str, ...]
    findings: str
    sex: str = ""
    youngest: int = 18
    oldest: int = 92


_Q = Question
QUESTIONS: dict[str, tuple[Question, ...]] = {
    "cardiology": (
        _Q("Exertional chest pressure for six weeks, normal resting ECG. Is this angina?", ("I20.9", "R07.9"),
           "Stress echo without inducible ischemia. Symptoms are likely non-cardiac; continue statin.", youngest=38),
        _Q("New atrial fibrillation found at a routine visit. Rate or rhythm control, and anticoagulation?", ("I48.91",),
           "Paroxysmal AF, CHA2DS2-VASc 3. Apixaban started, ablation discussed and deferred.", youngest=50),
        _Q("Systolic murmur, louder than last year. Please assess the aortic valve.", ("R01.1", "I35.0"),
           "Moderate aortic stenosis, mean gradient 24 mmHg. Repeat echo in twelve months.", youngest=58),
        _Q("Palpitations with near-syncope twice this month.", ("R00.2", "R55"),
           "Two-week monitor shows frequent PVCs, 4 percent burden. Metoprolol succinate 25 mg started."),
    ),
    "gastroenterology": (
        _Q("Positive FIT on screening. Diagnostic colonoscopy please.", ("R19.5",),
           "Two tubular adenomas removed. Surveillance colonoscopy in five years.", youngest=45, oldest=80),
        _Q("Dysphagia for solids over three months. Endoscopy?", ("R13.10", "K21.9"),
           "Schatzki ring dilated to 18 mm, biopsies negative for eosinophilic esophagitis."),
        _Q("Persistently raised ALT, ultrasound shows steatosis. Fibrosis assessment?", ("K76.0", "R74.01"),
           "Elastography 6.1 kPa, no advanced fibrosis. Weight loss plan, repeat in two years."),
    ),
    "orthopedics": (
        _Q("Knee pain with locking after a twist, MRI shows a medial meniscus tear. Surgical?", ("M23.303", "M25.561"),
           "Degenerative tear. Physical therapy for six weeks before any arthroscopy.", oldest=75),
        _Q("Advanced hip osteoarthritis, walking limited to one block. Replacement?", ("M16.11",),
           "Candidate for total hip arthroplasty; pre-operative visit arranged.", youngest=55),
        _Q("Rotator cuff weakness after a fall, cannot lift the arm above the shoulder.", ("M75.101", "S46.011A"),
           "Full-thickness supraspinatus tear, repair recommended and booked."),
    ),
    "dermatology": (
        _Q("Changing mole on the upper back, 8 mm with irregular border. Please see soon.", ("D22.5", "D48.5"),
           "Shave biopsy: dysplastic nevus with moderate atypia, margins clear. Skin check in six months."),
        _Q("Plaque psoriasis not controlled by topical steroids. Systemic treatment?", ("L40.0",),
           "BSA 12 percent. Started on an IL-23 inhibitor after negative TB screening."),
        _Q("Non-healing pearly lesion on the nose.", ("C44.311",),
           "Basal cell carcinoma confirmed, Mohs surgery done with clear margins.", youngest=45),
    ),
    "endocrinology": (
        _Q("Type 2 diabetes, HbA1c 9.8 percent on three drugs. Insulin or GLP-1?", ("E11.65",),
           "GLP-1 agonist started, sulfonylurea stopped. Continuous glucose monitor arranged."),
        _Q("Thyroid nodule 2.3 cm, TI-RADS 4. Fine-needle aspiration?", ("E04.1",),
           "FNA benign, Bethesda II. Ultrasound again in one year."),
        _Q("Fractures at 61 with T-score -3.1. Secondary causes and treatment?", ("M81.0",),
           "No secondary cause found. Zoledronic acid yearly.", youngest=50),
    ),
    "neurology": (
        _Q("Migraine twelve days a month despite two preventives.", ("G43.709",),
           "Chronic migraine. CGRP antibody started, headache diary explained.", oldest=65),
        _Q("First unprovoked seizure, normal CT. EEG and treatment?", ("R56.9",),
           "EEG with left temporal sharp waves. Levetiracetam started, no driving for three months."),
        _Q("Resting tremor and slowness on the right side. Parkinson disease?", ("R25.1", "G20.A1"),
           "Idiopathic Parkinson disease. Carbidopa-levodopa trial.", youngest=52),
        _Q("Memory loss noted by the family for a year, MoCA 21.", ("R41.3",),
           "Mild cognitive impairment. MRI and B12 requested, follow-up in six months.", youngest=62),
    ),
    "rheumatology": (
        _Q("Symmetric small-joint swelling, CCP positive. Early rheumatoid arthritis?", ("M05.79",),
           "Seropositive RA, moderate activity. Methotrexate 15 mg weekly with folic acid."),
        _Q("ANA 1:640 with photosensitive rash and joint pain. Lupus?", ("R76.8", "M32.9"),
           "Meets criteria for SLE with skin and joint involvement. Hydroxychloroquine started."),
    ),
    "ent": (
        _Q("Recurrent sinusitis, four courses of antibiotics this year.", ("J32.9",),
           "Deviated septum and polyps on endoscopy. Nasal steroid, CT in eight weeks."),
        _Q("Sudden hearing loss on the left since three days.", ("H91.22",),
           "Sudden sensorineural loss, oral and intratympanic steroids given. Audiogram improving."),
    ),
    "ophthalmology": (
        _Q("Diabetic eye examination overdue by three years, vision blurred.", ("E11.9", "H53.8"),
           "Moderate non-proliferative retinopathy, no macular edema. Review in six months."),
        _Q("Cataracts limiting night driving.", ("H25.13",),
           "Cataract surgery of the right eye scheduled, the left to follow.", youngest=58),
    ),
    "urology": (
        _Q("PSA 7.4, rising over two years. Biopsy?", ("R97.20",),
           "MRI PI-RADS 4 lesion, fusion biopsy Gleason 3+3. Active surveillance.", sex="male", youngest=50),
        _Q("Visible blood in the urine once, smoker.", ("R31.0",),
           "Cystoscopy and CT urogram normal. Repeat urinalysis in one year.", youngest=40),
    ),
    "nephrology": (
        _Q("eGFR fell from 58 to 39 in a year, albumin in the urine.", ("N18.32", "R80.9"),
           "Diabetic kidney disease. SGLT2 inhibitor started, ACE inhibitor raised.", youngest=40),
    ),
    "pulmonology": (
        _Q("Lung nodule 11 mm found by chance on CT.", ("R91.1",),
           "PET negative. CT again in three months.", youngest=45),
        _Q("Asthma with three steroid bursts this year despite high-dose inhalers.", ("J45.51",),
           "Eosinophilic asthma, biologic started."),
    ),
    "hematology-oncology": (
        _Q("Iron deficiency without a source, not tolerating oral iron.", ("D50.9",),
           "Intravenous iron given, hemoglobin 12.4 after four weeks."),
        _Q("Monoclonal protein 1.8 g/dL found in a neuropathy work-up.", ("D47.2",),
           "MGUS, low-intermediate risk. Yearly laboratory tests.", youngest=50),
    ),
    "general-surgery": (
        _Q("Symptomatic gallstones, three attacks in two months.", ("K80.20",),
           "Laparoscopic cholecystectomy done without complication."),
        _Q("Reducible inguinal hernia, painful at work.", ("K40.90",),
           "Mesh repair planned, no urgent signs.", sex="male"),
    ),
    "obstetrics-gynecology": (
        _Q("Bleeding after menopause, endometrium 9 mm.", ("N95.0",),
           "Endometrial biopsy benign polyp, removed hysteroscopically.", sex="female", youngest=51, oldest=80),
        _Q("Heavy periods with anemia, fibroids on ultrasound.", ("N92.0", "D25.9"),
           "Levonorgestrel device placed, iron continued.", sex="female", oldest=50),
    ),
    "pain-medicine": (
        _Q("Lumbar radicular pain eight months, not surgical. Injection?", ("M54.16",),
           "Transforaminal epidural injection L5, 60 percent relief at two weeks."),
    ),
    "podiatry": (
        _Q("Diabetic foot ulcer under the first metatarsal, two weeks.", ("E11.621", "L97.519"),
           "Debrided, off-loading boot fitted, weekly visits.", youngest=40),
    ),
    "psychiatry": (
        _Q("Depression not responding to two antidepressants.", ("F33.1",),
           "Augmentation with aripiprazole, therapy referral made."),
    ),
    "physical-medicine": (
        _Q("Spasticity after stroke, function plateaued.", ("I69.354",),
           "Botulinum toxin to the forearm flexors, splint fitted.", youngest=45),
    ),
    "allergy-immunology": (
        _Q("Reaction to penicillin in childhood. Can the allergy be removed?", ("Z88.0",),
           "Oral challenge passed, label removed."),
    ),
    "vascular-surgery": (
        _Q("Claudication at 100 yards, ABI 0.6 on the left.", ("I70.212",),
           "Supervised exercise and cilostazol first, duplex reviewed.", youngest=55),
    ),
    "infectious-disease": (
        _Q("Travel-related fever with eosinophilia. Which parasites to look for?", ("R50.9", "D72.10"),
           "Serology for strongyloides positive, ivermectin given."),
    ),
}  # fmt: skip
