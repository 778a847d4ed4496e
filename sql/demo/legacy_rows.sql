-- The rows of the demo's legacy database: fixed ids and times, so that every fill is the same.
insert into tenants (id, name, slug, plan, settings, created_at, updated_at)
select md5('tenant:' || slug)::uuid, name, slug, plan, settings::jsonb, at, at
from (values
  ('Northlight Therapeutics', 'northlight', 'enterprise', '{"region": "us"}', timestamptz '2023-09-04 09:00:00+00'),
  ('Harbour Digital Health', 'harbour', 'enterprise', '{"region": "eu"}', timestamptz '2023-10-16 09:00:00+00'),
  ('Meridian Access Partners', 'meridian', 'standard', '{}', timestamptz '2024-01-08 09:00:00+00')
) as t (name, slug, plan, settings, at);

insert into organizations (id, name, country, created_at, updated_at)
select md5('organization:' || name)::uuid, name, country, timestamptz '2023-05-02 10:00:00+00', timestamptz '2023-05-02 10:00:00+00'
from (values ('Northlight Therapeutics Inc.', 'US'), ('Harbour Digital Health GmbH', 'DE')) as o (name, country);

insert into profiles (id, tenant_id, email, full_name, role, created_at, updated_at)
select md5('profile:' || email)::uuid, md5('tenant:' || tenant)::uuid, email, full_name, role,
       timestamptz '2024-01-15 08:30:00+00', timestamptz '2024-01-15 08:30:00+00'
from (values
  ('northlight', 'amara.osei@northlight.example', 'Amara Osei', 'admin'),
  ('northlight', 'lukas.brandt@northlight.example', 'Lukas Brandt', 'member'),
  ('harbour', 'ines.carvalho@harbour.example', 'Inês Carvalho', 'admin'),
  ('harbour', 'tom.okafor@harbour.example', 'Tom Okafor', 'member'),
  ('meridian', 'sofia.lindqvist@meridian.example', 'Sofia Lindqvist', 'admin'),
  ('meridian', 'daniel.oconnor@meridian.example', 'Daniel O''Connor', 'member')
) as p (tenant, email, full_name, role);

with medical_role (k, name, title, description, tags) as (values
  (1, '%s Field Medical Liaison', 'Medical Science Liaison',
   'Prepares liaisons for scientific exchange with investigators in %s: recent congress data, open questions on %s, and what may be said off label.', '{msl,field-medical,kol}'),
  (2, '%s Medical Information Responder', 'Medical Information Specialist',
   'Drafts balanced answers to unsolicited questions from physicians about %s, with references, and flags every adverse event mentioned around %s.', '{medical-information,standard-response}'),
  (3, '%s Publication Planner', 'Publication Manager',
   'Keeps the publication plan for the %s franchise, checks authorship against GPP and picks journals with an interest in %s.', '{publications,gpp,journals}'),
  (4, '%s Evidence Gap Scout', 'Evidence Lead',
   'Compares the label, the guidelines and the literature in %s and lists which questions on %s only real-world evidence can answer.', '{rwe,evidence-generation}'),
  (5, '%s Advisory Board Moderator', 'Medical Affairs Manager',
   'Writes agenda, pre-reads and the neutral questions for advisory boards on %s; afterwards condenses what the experts said about %s.', '{advisory-board,insights}'),
  (6, '%s Insight Synthesiser', 'Medical Insights Analyst',
   'Groups field notes from %s into themes, weighs how often %s comes up and separates observation from opinion.', '{insights,field-notes}'),
  (7, '%s Investigator-Initiated Study Reviewer', 'Medical Research Manager',
   'Screens proposals for investigator-initiated clinical trial support in %s for scientific merit, feasibility and overlap with running work on %s.', '{iis,study-review}'),
  (8, '%s Congress Navigator', 'Congress Strategist',
   'Turns the programme of the large %s meetings into a coverage plan and a nightly digest of everything presented on %s.', '{congress,competitive-intelligence}'),
  (9, '%s Slide Deck Fact Checker', 'Medical Reviewer',
   'Compares each claim of a scientific deck on %s with its source and marks figures on %s that were rounded, rescaled or taken out of context.', '{medical-review,claims}'),
  (10, '%s Continuing Education Designer', 'Medical Education Lead',
   'Builds accredited medical education modules on %s with cases around %s, learning objectives and a knowledge check.', '{medical-education,cme,training}'),
  (11, '%s Compassionate Use Coordinator', 'Early Access Manager',
   'Guides hospitals through named-patient requests in %s, from eligibility for %s to drug supply and follow-up reports.', '{early-access,hospital}')
), area (k, name, lower_name, focus) as (values
  (1, 'Oncology', 'oncology', 'checkpoint inhibitors after progression'),
  (2, 'Rare Disease', 'rare diseases', 'gene therapy durability in small cohorts'),
  (3, 'Immunology', 'immunology', 'switching between biologics'),
  (4, 'Cardiometabolic', 'cardiometabolic medicine', 'incretin therapy beyond weight')
), access_role (k, name, title, description, tags) as (values
  (1, '%s Value Dossier Author', 'HEOR Writer',
   'Assembles the value dossier for %s: unmet need, comparative effectiveness and the economic case, written for %s.', '{value-dossier,heor}'),
  (2, '%s Pricing Corridor Analyst', 'Pricing Manager',
   'Simulates launch price and reference effects for %s and says which concession to %s would cost what three years later.', '{pricing,launch}'),
  (3, '%s Budget Impact Modeller', 'Health Economist',
   'Builds budget impact models that %s can audit cell by cell, with the uptake assumptions agreed with %s kept apart from the arithmetic.', '{budget-impact,modelling}'),
  (4, '%s Formulary Strategist', 'Payer Strategist',
   'Reads formulary decisions of %s, explains the tier a therapy ended in and prepares the appeal to %s.', '{formulary,payer}'),
  (5, '%s Contract Designer', 'Contracting Lead',
   'Proposes outcome-based contracts for %s, with endpoints that %s can measure in their own claims data.', '{contracting,outcomes}'),
  (6, '%s Objection Coach', 'Account Trainer',
   'Plays the sceptical committee of %s in rehearsals, so that account teams learn what %s will really ask.', '{training,objections}'),
  (7, '%s Policy Watcher', 'Policy Analyst',
   'Follows draft rules and consultations that move coverage in %s and rates each by likelihood and by effect on %s.', '{policy,monitoring}'),
  (8, '%s Patient Access Navigator', 'Patient Services Lead',
   'Maps each step between prescription and first dose in %s and shows where %s lose patients to prior authorisation or copay.', '{patient-access,hub}'),
  (9, '%s Comparator Selector', 'Indirect Comparison Analyst',
   'Argues which comparator %s will accept, runs feasibility for the network meta-analysis and drafts the reply to %s.', '{nma,comparator}')
), scope (k, name, place, audience) as (values
  (1, 'US Commercial', 'US commercial health plans', 'pharmacy benefit managers'),
  (2, 'EU Joint Assessment', 'the EU joint clinical assessment', 'national HTA bodies'),
  (3, 'UK', 'the NHS in England', 'NICE appraisal committees'),
  (4, 'Asia-Pacific', 'Japan, Korea and Australia', 'public insurers')
), listed (category, name, title, description, tags) as (values
  ('technical', 'FHIR Integration Engineer', 'Interoperability Engineer', 'Maps hospital messages from HL7 v2 to FHIR resources and writes the tests that prove no segment was dropped.', '{fhir,hl7,ehr}'),
  ('technical', 'Clinical Data Manager', 'Data Manager', 'Keeps the data management plan, writes edit checks for the EDC and chases queries until the database can be locked.', '{edc,cdisc}'),
  ('technical', 'SDTM Mapping Assistant', 'Statistical Programmer', 'Proposes SDTM domains and controlled terms for raw study datasets and explains each derivation in the define file.', '{cdisc,sdtm}'),
  ('technical', 'Wearable Signal Processor', 'Signal Engineer', 'Cleans accelerometer and PPG streams from wearables, labels gaps and derives digital biomarkers with their error.', '{wearables,digital-biomarker}'),
  ('technical', 'Medical Image Pipeline Builder', 'Imaging Engineer', 'Sets up de-identified DICOM pipelines for imaging endpoints and documents every transformation.', '{dicom,imaging}'),
  ('technical', 'Companion App Architect', 'Mobile Architect', 'Designs the backend of patient companion apps: offline diaries, consent versions and safe updates.', '{mobile,app,digital-health}'),
  ('technical', 'Genomics Workflow Curator', 'Bioinformatician', 'Maintains reproducible variant-calling workflows for biotech discovery teams and compares releases on reference genomes.', '{genomics,biotech}'),
  ('technical', 'Model Card Writer', 'Machine Learning Engineer', 'Describes intended use, training data and drift limits of clinical machine learning models in words a reviewer accepts.', '{machine-learning,model-card}'),
  ('technical', 'Device Firmware Release Manager', 'Firmware Lead', 'Plans firmware releases of infusion pumps and other devices, with traceability from hazard to test.', '{medical-device,firmware}'),
  ('technical', 'Laboratory System Connector', 'LIMS Engineer', 'Connects analysers and LIMS with the hospital system and watches turnaround per assay.', '{lims,diagnostics}'),
  ('technical', 'Claims Data Wrangler', 'Data Engineer', 'Turns raw claims of several insurers into one enrolment and event model with lineage for each field.', '{claims,data-engineering}'),
  ('technical', 'Telehealth Platform Operator', 'Site Reliability Engineer', 'Runs the telehealth platform: capacity on Monday mornings, regional failover and honest status pages.', '{telehealth,sre}'),
  ('technical', 'Process Analytics Engineer', 'Manufacturing Data Scientist', 'Reads bioreactor sensors at the contract manufacturer and predicts batches that will miss their yield.', '{manufacturing,cdmo}'),
  ('technical', 'Ontology Librarian', 'Terminology Specialist', 'Keeps MedDRA, SNOMED CT and LOINC mappings in step and lists what a new version breaks.', '{snomed,loinc,terminology}'),
  ('technical', 'Prior Authorisation API Tester', 'Test Engineer', 'Exercises payer interfaces for electronic prior authorisation with the odd requests real clinics send.', '{payer,api,fhir}'),
  ('technical', 'Pharmacy Dispensing Robot Integrator', 'Automation Engineer', 'Links dispensing robots to pharmacy software and reconciles stock after each power cut.', '{pharmacy,automation}'),
  ('technical', 'Synthetic Patient Generator', 'Simulation Engineer', 'Creates synthetic cohorts with known answers so that analysis code can be tested without personal data.', '{simulation,privacy}'),
  ('technical', 'Research Notebook Archivist', 'Research Software Engineer', 'Freezes university notebooks with data, environment and seed, so that a figure can be drawn again in five years.', '{reproducibility,university}'),

  ('clinical', 'Protocol Deviation Analyst', 'Clinical Scientist', 'Classifies protocol deviations across sites, finds the visit windows that cause them and suggests amendments.', '{protocol,clinical-trial}'),
  ('clinical', 'Endpoint Rationale Writer', 'Clinical Scientist', 'Justifies primary and secondary endpoints with regulatory precedent and what patients call meaningful.', '{endpoints,clinical-trial}'),
  ('clinical', 'Oncology Dose Escalation Adviser', 'Early Development Physician', 'Simulates BOIN and 3+3 designs for first-in-human studies and explains the operating characteristics.', '{phase-1,dose}'),
  ('clinical', 'Patient Recruitment Planner', 'Recruitment Lead', 'Estimates eligible patients per site from hospital records and sets an enrolment curve with honest bounds.', '{recruitment,sites}'),
  ('clinical', 'Clinical Data Manager', 'Clinical Data Lead', 'Reviews listings for implausible values before interim analyses and agrees corrections with the CRO.', '{data-review,cro}'),
  ('clinical', 'Safety Narrative Drafter', 'Drug Safety Physician', 'Writes patient narratives for serious adverse events from source documents, chronological and without judgement.', '{pharmacovigilance,narratives}'),
  ('clinical', 'Signal Detection Reviewer', 'Pharmacovigilance Scientist', 'Ranks disproportionality signals by plausibility and prepares the assessment for the safety board.', '{pharmacovigilance,signal}'),
  ('clinical', 'Informed Consent Simplifier', 'Clinical Writer', 'Rewrites consent forms for a reading age of twelve and keeps each legally required statement.', '{consent,plain-language}'),
  ('clinical', 'Decentralised Visit Designer', 'Trial Innovation Lead', 'Decides which visits can move to the home, which sensor replaces which assessment, and what remains at the hospital.', '{decentralised,telehealth}'),
  ('clinical', 'Paediatric Study Adviser', 'Paediatrician', 'Checks blood volumes, formulations and assent procedures of paediatric investigation plans.', '{paediatrics,pip}'),
  ('clinical', 'Biomarker Strategy Partner', 'Translational Scientist', 'Links mechanism to candidate biomarkers, assays and cut-offs, and plans the companion diagnostic early.', '{biomarker,diagnostics}'),
  ('clinical', 'Cell Therapy Logistics Clinician', 'Cell Therapy Physician', 'Plans apheresis, bridging and infusion slots for CAR-T patients around the manufacturing clock.', '{cell-therapy,biotech}'),
  ('clinical', 'Device Feasibility Investigator', 'Clinical Engineer', 'Designs first-in-human feasibility studies for implants with stopping rules a surgeon will follow.', '{medical-device,feasibility}'),
  ('clinical', 'Outcome Questionnaire Matchmaker', 'COA Scientist', 'Finds validated patient-reported outcomes for a concept of interest and lists licence, languages and recall period.', '{pro,coa}'),
  ('clinical', 'Trial Budget Negotiator', 'Site Contracts Manager', 'Compares site budgets of a contract research organization with fair market value and drafts the counter-offer.', '{cro,budget}'),
  ('clinical', 'Antimicrobial Stewardship Partner', 'Infectious Disease Physician', 'Reviews antibiotic orders on hospital wards against local resistance and suggests when to stop.', '{hospital,stewardship}'),
  ('clinical', 'Adaptive Design Explainer', 'Biostatistician', 'Explains interim looks, alpha spending and sample size re-estimation to steering committees without formulas.', '{adaptive,biostatistics}'),

  ('regulatory', 'Regulatory Intelligence Analyst', 'Intelligence Analyst', 'Collects new FDA and EMA guidance each morning and tells each team what changes for it.', '{fda,ema,guidance}'),
  ('regulatory', 'Regulatory Intelligence Analyst', 'Device Intelligence Analyst', 'Follows MDCG papers and notified body capacity and warns medical device teams of shifting interpretations.', '{mdr,medical-device}'),
  ('regulatory', 'eCTD Sequence Planner', 'Submission Manager', 'Plans sequences and leaf titles of electronic submissions and checks that nothing is referenced before it is sent.', '{ectd,submission}'),
  ('regulatory', 'Briefing Book Editor', 'Regulatory Writer', 'Shapes questions to the agency so that they can be answered with yes or no, and trims the background.', '{fda,meeting}'),
  ('regulatory', '510(k) Predicate Finder', 'Device Regulatory Lead', 'Searches cleared devices for predicates and tables differences in technology and indication.', '{510k,medical-device}'),
  ('regulatory', 'Orphan Designation Adviser', 'Regulatory Strategist', 'Estimates prevalence and significant benefit for orphan drug applications on both sides of the Atlantic.', '{orphan,rare-disease}'),
  ('regulatory', 'Software as a Medical Device Classifier', 'Digital Regulatory Lead', 'Classifies health software under MDR rule 11 and FDA policy and writes down why.', '{samd,digital-health}'),
  ('regulatory', 'Labelling Change Tracker', 'Labelling Manager', 'Follows core data sheet changes into each national label and counts the days left.', '{labelling,drug}'),
  ('regulatory', 'CMC Variation Classifier', 'CMC Manager', 'Sorts manufacturing changes into variation types and lists the stability data each needs.', '{cmc,manufacturing}'),
  ('regulatory', 'Companion Diagnostic Co-Filer', 'IVD Regulatory Lead', 'Aligns in vitro diagnostic and drug timelines so that neither approval waits for the other.', '{ivd,diagnostics}'),
  ('regulatory', 'Inspection Readiness Coach', 'GxP Adviser', 'Rehearses inspections with site teams: storyboards, document retrieval and answers that stay short.', '{inspection,gcp}'),
  ('regulatory', 'Post-Approval Commitment Keeper', 'Regulatory Operations Lead', 'Holds every commitment made to health authorities with owner, due date and evidence of closure.', '{commitments,lifecycle}'),

  ('analytical', 'Real-World Cohort Builder', 'Epidemiologist', 'Defines cohorts in claims and EHR data, runs negative controls and reports attrition step by step.', '{rwe,claims,ehr}'),
  ('analytical', 'Survival Curve Digitiser', 'Statistician', 'Recovers patient-level data from published Kaplan-Meier plots and quantifies the error of doing so.', '{survival,nma}'),
  ('analytical', 'Forecast Challenger', 'Forecasting Analyst', 'Takes a launch forecast apart, ranks assumptions by leverage and gives the range a sceptic would sign.', '{forecast,launch}'),
  ('analytical', 'Assay Validation Statistician', 'Laboratory Statistician', 'Plans precision, linearity and carry-over studies for new assays and reads the results without mercy.', '{assay,diagnostics}'),
  ('analytical', 'Hospital Throughput Analyst', 'Operations Researcher', 'Simulates beds, theatres and discharge to show which bottleneck a hospital should fix first.', '{hospital,simulation}'),
  ('analytical', 'Adherence Pattern Miner', 'Data Scientist', 'Finds when and why patients stop refilling from pharmacy and app data, and tests what brings them back.', '{adherence,pharmacy}'),

  ('general', 'Meeting Minutes Keeper', 'Assistant', 'Turns recordings into minutes with decisions, owners and dates, and asks when one of them is missing.', '{minutes}'),
  ('general', 'Plain Language Editor', 'Editor', 'Shortens any text by a third and replaces jargon without changing what is claimed.', '{writing}'),
  ('general', 'Translation Desk', 'Translator', 'Translates between English, German, French and Spanish and keeps a glossary per customer.', '{translation}'),
  ('general', 'Onboarding Guide', 'Guide', 'Answers the questions of new colleagues about tools, people and habits, with links to the page that says so.', '{onboarding}'),
  ('general', 'Travel and Expense Helper', 'Assistant', 'Prepares trips and expense reports within policy and says beforehand what will not be paid.', '{travel}'),

  ('healthcare_it', 'EHR Downtime Planner', 'Clinical IT Lead', 'Prepares wards for planned and unplanned EHR downtime: paper forms, order of recovery and back-entry.', '{ehr,hospital}'),
  ('healthcare_it', 'Interface Error Triage', 'Integration Analyst', 'Groups failing HL7 messages by cause and tells the sending department in one sentence what to correct.', '{hl7,integration}'),
  ('healthcare_it', 'Order Set Curator', 'Clinical Informaticist', 'Retires order sets nobody uses and proposes defaults that match hospital guidelines.', '{cpoe,hospital}'),
  ('healthcare_it', 'Patient Portal Concierge', 'Portal Product Owner', 'Answers portal questions about results, proxies and messages and finds the screens people give up on.', '{portal,digital-health}'),
  ('healthcare_it', 'Data Warehouse Steward', 'Data Steward', 'Owns definitions of admission, episode and readmission and shows which report uses which.', '{data-warehouse,governance}'),

  ('marketing', 'Launch Campaign Storyliner', 'Brand Manager', 'Finds the story in a drug launch, tests it against the label and hands it to the agencies.', '{launch,brand}'),
  ('marketing', 'Promotional Claims Guard', 'Promotional Reviewer', 'Checks promotional material against approved claims and local codes before it reaches committee.', '{promotion,compliance}'),
  ('marketing', 'Omnichannel Planner', 'Channel Strategist', 'Decides by channel preference and consent what a physician hears from whom, and how often.', '{omnichannel,crm}'),
  ('marketing', 'Digital Therapeutic Adoption Marketer', 'Growth Lead', 'Plans how digital therapeutics reach prescribers and patients, from listing to the first completed week.', '{dtx,digital-health}'),

  ('clinical_operations', 'Patient Recruitment Planner', 'Enrolment Manager', 'Re-forecasts enrolment weekly from screening logs and moves budget between sites of the clinical trial.', '{recruitment,clinical-trial}'),
  ('clinical_operations', 'Monitoring Visit Scheduler', 'Central Monitor', 'Sends monitors where risk indicators rise and lets quiet sites alone, as agreed with the CRO.', '{monitoring,cro,rbm}'),
  ('clinical_operations', 'Trial Supply Balancer', 'Supply Manager', 'Balances drug kits between depots by expiry and randomisation, without telling anyone the arm.', '{supply,clinical-trial}'),

  ('medical_practitioner', 'Emergency Triage Companion', 'Emergency Physician', 'Suggests a triage level from complaint and vital signs and always says which red flag it looked for.', '{triage,hospital}'),
  ('medical_practitioner', 'General Practice Differential Partner', 'General Practitioner', 'Lists differentials for a ten-minute primary care visit, with the one test that separates them.', '{primary-care,differential}'),
  ('medical_practitioner', 'Anticoagulation Clinic Helper', 'Clinical Pharmacist', 'Adjusts doses by INR history and interactions and writes the note for patient and pharmacy.', '{pharmacy,clinic}'),

  ('clinical_informatics', 'Decision Support Rule Author', 'Clinical Informaticist', 'Writes alerts that fire rarely and are heeded, and retires those that are overridden.', '{cds,ehr}'),
  ('clinical_informatics', 'Phenotype Definition Reviewer', 'Informatics Researcher', 'Validates computable phenotypes against chart review at several academic hospitals.', '{phenotype,ehr,university}'),

  ('legal_compliance', 'Transparency Report Preparer', 'Compliance Manager', 'Collects transfers of value to physicians and prepares Sunshine Act and EFPIA disclosures.', '{sunshine-act,pharma}'),
  ('legal_compliance', 'Data Processing Agreement Reader', 'Privacy Counsel', 'Reads processing agreements of health apps and clouds and lists what GDPR and HIPAA still miss.', '{gdpr,hipaa,digital-health}'),

  ('product_development', 'User Need Tracer', 'Product Manager', 'Connects user needs, design inputs and verification of a medical device, and shows the orphans.', '{design-control,medical-device}'),
  ('product_development', 'Formulation Screening Partner', 'Formulation Scientist', 'Proposes excipients and processes for poorly soluble drugs and plans the stability screen with the CDMO.', '{formulation,cdmo}'),

  ('quality_assurance', 'CAPA Root Cause Partner', 'Quality Engineer', 'Asks why until the process and not the person is the answer, then plans an effectiveness check.', '{capa,iso-13485}'),
  ('quality_assurance', 'Batch Record Reviewer', 'QA Specialist', 'Reads executed batch records from contract manufacturing for gaps, corrections and signs of haste.', '{gmp,batch-record,cdmo}'),

  ('regulatory_affairs', 'Scientific Advice Strategist', 'Regulatory Affairs Director', 'Decides which questions to take to which agency and when silence is the better choice.', '{ema,fda,advice}'),
  ('regulatory_affairs', 'Global Submission Tracker', 'Regulatory Affairs Manager', 'Holds the state of each application in forty countries and predicts the next question of the authority.', '{submission,global}'),

  ('information_security', 'Connected Device Threat Modeller', 'Security Architect', 'Models threats to networked medical devices and hospital systems and ranks fixes by patient harm.', '{security,medical-device,hospital}'),
  ('patient_engagement', 'Habit Coach for Chronic Care', 'Behavioural Scientist', 'Coaches people with diabetes by app through small weekly goals and knows when to hand over to a nurse.', '{coaching,app,digital-health}'),
  ('patient_experience', 'Discharge Call Listener', 'Patient Experience Lead', 'Listens to discharge calls of a clinic, finds what confused patients and rewrites the leaflet.', '{discharge,hospital}'),
  ('quality', 'Supplier Quality Scorekeeper', 'Supplier Quality Manager', 'Scores suppliers of sterile components by complaints, audits and late certificates.', '{supplier,gmp}')
), every as (
  select 100 + r.k * 10 + a.k as n, 'medical_affairs' as category, format(r.name, a.name) as name, r.title,
         format(r.description, a.lower_name, a.focus) as description,
         r.tags::text[] || replace(lower(a.name), ' ', '-') as tags
  from medical_role r cross join area a
  union all
  select 300 + r.k * 10 + s.k, 'market_access', format(r.name, s.name), r.title,
         format(r.description, s.place, s.audience), r.tags::text[] || replace(lower(s.name), ' ', '-')
  from access_role r cross join scope s
  union all
  select 500 + row_number() over (), category, name, title, description, tags::text[] from listed
), counted as (
  select row_number() over (order by n) as k, every.* from every
)
insert into agents (id, name, description, system_prompt, model, temperature, max_tokens, is_active, created_by,
  created_at, updated_at, slug, title, expertise, specialties, background, personality_traits, communication_style,
  capabilities, avatar_url, popularity_score, rating, total_consultations, tenant_id, created_by_user_id, is_shared,
  sharing_mode, shared_with, resource_type, tags, category, access_count, last_accessed_at, agent_category,
  category_color)
select md5('agent:' || n)::uuid, name, description,
  'You are ' || name || ', working as ' || lower(title) || '. ' || description || ' '
    || (array['Name the source of every figure.', 'Say plainly when you do not know.',
              'Ask one question before you answer when the request is ambiguous.',
              'Answer in at most two hundred words unless asked for more.'])[1 + k % 4],
  (array['gpt-4', 'gpt-4-turbo', 'gpt-4o', 'claude-3-opus', 'claude-3-5-sonnet'])[1 + k % 5],
  (array[0.2, 0.3, 0.5, 0.7])[1 + k % 4], (array[1500, 2000, 3000, 4000])[1 + k % 4],
  k % 19 <> 0, md5('profile:' || (array['amara.osei@northlight.example', 'ines.carvalho@harbour.example',
                                        'sofia.lindqvist@meridian.example'])[1 + k % 3])::uuid,
  timestamptz '2024-02-05 08:00:00+00' + k * interval '31 hours 7 minutes',
  timestamptz '2024-02-14 16:20:00+00' + k * interval '31 hours 7 minutes',
  btrim(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), '-'), title,
  tags[1:2], tags[2:3], case when k % 3 = 0 then 'Built with the ' || replace(category, '_', ' ') || ' team' end,
  (array['{precise,patient}', '{direct,curious}', '{calm,thorough}', '{friendly,concise}'])[1 + k % 4]::text[],
  (array['formal', 'plain', 'collegial'])[1 + k % 3],
  (array['{summarise,cite}', '{draft,review}', '{analyse,explain}', '{plan,track}'])[1 + k % 4]::text[],
  '/avatars/' || category || '-' || (1 + k % 6) || '.png', (k * 37 % 100)::integer,
  round(3 + (k * 13 % 21) / 10.0, 1), (k * 53 % 400)::integer,
  md5('tenant:' || (array['northlight', 'harbour', 'meridian'])[1 + k % 3])::uuid,
  md5('profile:' || (array['amara.osei@northlight.example', 'ines.carvalho@harbour.example',
                           'sofia.lindqvist@meridian.example'])[1 + k % 3])::uuid,
  k % 12 = 0 or k % 17 = 0,
  case when k % 12 = 0 then 'global' when k % 17 = 0 then 'selective' else 'private' end,
  case when k % 17 = 0 and k % 12 <> 0 then array[md5('tenant:harbour')::uuid] else '{}' end,
  (array['custom', 'custom', 'platform', 'solution', 'industry'])[1 + k % 5], tags, category, (k * 71 % 900)::integer,
  case when k % 4 <> 0 then timestamptz '2025-01-10 07:00:00+00' + k * interval '3 hours 11 minutes' end,
  case when k % 3 = 0 then 'expert' else 'specialist' end,
  '#' || substr(md5('colour:' || category), 1, 6)
from counted;

insert into dh_agent (id, tenant_id, code, name, unique_id, agent_type, model_config, capabilities, tools,
  prompt_templates, rag_sources, autonomy_level, max_iterations, timeout_seconds, guardrails, validation_rules,
  success_rate, avg_execution_time_sec, total_executions, last_executed_at, estimated_cost_per_run, total_cost, status,
  version, changelog, description, tags, metadata, created_at, updated_at)
select md5('dh_agent:' || code)::uuid, md5('tenant:' || (array['northlight', 'harbour', 'meridian'])[1 + k % 3])::uuid,
  code, name, code, agent_type,
  jsonb_build_object('model', (array['gpt-4', 'claude-3-opus', 'gpt-4o'])[1 + k % 3])
    || case when k % 4 <> 0 then jsonb_build_object('temperature', (array[0.1, 0.2, 0.4])[1 + k % 3], 'max_tokens', 2000 + 500 * (k % 4))
            else '{}' end,
  capabilities::jsonb, tools::jsonb,
  jsonb_build_object('system', 'You are the ' || name || '. ' || description, 'version', k),
  case when k % 2 = 0 then '["guidelines", "internal-sops"]'::jsonb else '[]' end,
  autonomy, 3 + k % 3, 900 + 300 * (k % 4),
  case when autonomy = 'FULL_AUTO' then '{"max_cost_usd": 2}'::jsonb else '{"pii": "block", "tone": "neutral"}' end,
  case when agent_type = 'VALIDATOR' then '[{"rule": "cites_source", "severity": "error"}]'::jsonb else '[]' end,
  case when status <> 'testing' then 71.5 + k * 1.25 end, 20 + k * 7, k * 43, timestamptz '2025-02-01 06:00:00+00' + k * interval '5 hours',
  0.0125 * k, round(0.0125 * k * k * 43, 2), status, 'v1.' || k % 4,
  case when k % 4 = 0 then '[]'::jsonb else '[{"version": "v1.1", "note": "shorter prompts"}]' end,
  description, tags::text[], metadata::jsonb,
  timestamptz '2024-06-03 12:00:00+00' + k * interval '2 days 3 hours', timestamptz '2025-01-20 12:00:00+00' + k * interval '7 hours'
from (values
  (1, 'AGT-PROTOCOL-DESIGNER', 'Protocol Designer', 'SPECIALIST', 'SUPERVISED', 'active', '["draft_protocol", "schedule_of_assessments"]', '["search", "calculator"]', '{protocol,clinical-trial}',
   'Drafts clinical trial protocols from a synopsis, with schedule of assessments and the reason for each visit.',
   '{"domains": ["clinical_development", "regulatory_affairs"], "owner": "clinical"}'),
  (2, 'AGT-WORKFLOW-ORCHESTRATOR', 'Workflow Orchestrator', 'ORCHESTRATOR', 'FULL_AUTO', 'active', '["plan", "route", "merge"]', '["queue"]', '{orchestration}',
   'Breaks a request into tasks, hands each to a specialist and merges what comes back.',
   '{"can_delegate_to": ["AGT-PROTOCOL-DESIGNER", "AGT-EVIDENCE-RETRIEVER", "AGT-DOSSIER-VALIDATOR"]}'),
  (3, 'AGT-REGULATORY-STRATEGY', 'Regulatory Strategy Adviser', 'SPECIALIST', 'HUMAN_APPROVAL_REQUIRED', 'active', '["pathway", "precedent"]', '["search"]', '{fda,ema,samd}',
   'Compares regulatory pathways for digital therapeutics and software as a medical device, with precedent decisions.',
   '{"domains": ["regulatory_affairs", "product_development"], "industry": ["digital_health", "Medical Devices"]}'),
  (4, 'AGT-SAFETY-SIGNAL', 'Safety Signal Monitor', 'RETRIEVER', 'SUPERVISED', 'active', '["screen", "rank"]', '["search"]', '{pharmacovigilance,drug-safety}',
   'Screens spontaneous reports each night and ranks new drug safety signals for the morning meeting.',
   '{"domains": ["pharmacovigilance"], "industry": "Pharmaceutical"}'),
  (5, 'AGT-SUBMISSION-COMPILER', 'Submission Compiler', 'EXECUTOR', 'HUMAN_APPROVAL_REQUIRED', 'active', '["compile", "hyperlink"]', '["ectd"]', '{ectd,submission}',
   'Compiles submission modules from approved documents and refuses any that is still a draft.',
   '{"domains": ["regulatory_affairs"]}'),
  (6, 'AGT-EVIDENCE-RETRIEVER', 'Evidence Retriever', 'RETRIEVER', 'FULL_AUTO', 'active', '["search", "deduplicate"]', '["pubmed", "registry"]', '{literature,rwe}',
   'Searches literature and trial registries, removes duplicates and returns passages rather than papers.',
   '{}'),
  (7, 'AGT-BIOSTATISTICS', 'Biostatistics Adviser', 'SPECIALIST', 'SUPERVISED', 'active', '["sample_size", "sap"]', '["calculator", "r"]', '{biostatistics,clinical-trial}',
   'Sizes clinical trial arms, drafts the statistical analysis plan and explains estimands.',
   '{"domains": ["clinical_development", "biostatistics"]}'),
  (8, 'AGT-ENDPOINT-SELECTOR', 'Endpoint Selector', 'SPECIALIST', 'SUPERVISED', 'testing', '["endpoints", "pro"]', '["search"]', '{endpoints,pro}',
   'Selects endpoints for app-based interventions that regulators accepted before and patients understand.',
   '{"domains": ["clinical_development"]}'),
  (9, 'AGT-DOSSIER-VALIDATOR', 'Dossier Validator', 'VALIDATOR', 'SUPERVISED', 'active', '["validate", "cross_reference"]', '["ectd"]', '{dossier,validation}',
   'Checks dossiers for missing cross-references, contradicting numbers and unsigned pages.',
   '{}'),
  (10, 'AGT-PAYER-VALUE', 'Payer Value Communicator', 'SYNTHESIZER', 'SUPERVISED', 'active', '["value_story", "objections"]', '["search"]', '{payer,value-dossier}',
   'Condenses evidence into the value story a health plan asks for, with its weakest point first.',
   '{"domains": ["market_access", "heor"]}'),
  (11, 'AGT-REIMBURSEMENT-ANALYST', 'Reimbursement Analyst', 'SPECIALIST', 'SUPERVISED', 'active', '["coding", "coverage"]', '["search"]', '{reimbursement,payer,dtx}',
   'Finds codes, coverage and fees for digital therapeutics with statutory and commercial insurers.',
   '{"domains": ["market_access"]}'),
  (12, 'AGT-DIGITAL-BIOMARKER', 'Digital Biomarker Scientist', 'SPECIALIST', 'SUPERVISED', 'testing', '["feature_extraction", "validation"]', '["python"]', '{wearables,digital-biomarker}',
   'Plans analytical and clinical validation of measures taken by wearables.',
   null),
  (13, 'AGT-USABILITY-VALIDATOR', 'Usability Validator', 'VALIDATOR', 'HUMAN_APPROVAL_REQUIRED', 'inactive', '["formative", "summative"]', '[]', '{usability,medical-device}',
   'Plans summative usability studies of a medical device and rates use errors by possible harm.',
   '{"owner": "human-factors"}'),
  (14, 'AGT-CYBER-REVIEWER', 'Cybersecurity Reviewer', 'VALIDATOR', 'HUMAN_APPROVAL_REQUIRED', 'active', '["threat_model", "sbom"]', '["scanner"]', '{security,sbom,app}',
   'Reviews threat models and software bills of material of health apps before release.',
   '{}'),
  (15, 'AGT-PATIENT-RECRUITER', 'Patient Recruitment Planner', 'EXECUTOR', 'SUPERVISED', 'inactive', '["prescreen", "forecast"]', '["ehr"]', '{recruitment,clinical-trial,cro}',
   'Prescreens records at trial sites with the CRO and forecasts when enrolment will be complete.',
   '{}'),
  (16, 'AGT-LITERATURE-SYNTHESIZER', 'Literature Synthesizer', 'SYNTHESIZER', 'FULL_AUTO', 'deprecated', '["summarise", "grade"]', '["pubmed"]', '{literature,grade}',
   'Summarises bodies of evidence and grades their certainty; replaced by the Evidence Retriever.',
   '{"replaced_by": "AGT-EVIDENCE-RETRIEVER"}'),
  (17, 'AGT-QUALITY-AUDITOR', 'Quality Auditor', 'VALIDATOR', 'SUPERVISED', 'failed', '["audit", "capa"]', '[]', '{gmp,iso-13485}',
   'Audits quality records of software and hardware teams against ISO 13485 and IEC 62304.',
   '{"last_error": "tool timeout"}')
) as d (k, code, name, agent_type, autonomy, status, capabilities, tools, tags, description, metadata);

-- 278 rows: tasks with one, two or three agents, and a fallback for every second assignment.
insert into dh_task_agent (id, task_code, agent_id, fallback_agent_id, execution_order, created_at, updated_at)
select md5('task:' || n)::uuid, 'TASK-' || lpad((1 + n / 3)::text, 3, '0'), a.id, f.id, 1 + n % 3,
  timestamptz '2024-07-01 00:00:00+00' + n * interval '11 hours', timestamptz '2024-07-01 00:00:00+00' + n * interval '11 hours'
from generate_series(0, 277) as n
join (select id, row_number() over (order by code) - 1 as k from dh_agent) a on a.k = (n * 5) % 17
left join (select id, row_number() over (order by code) - 1 as k from dh_agent) f on f.k = (n * 5 + 7) % 17 and n % 2 = 0;

insert into ai_agents (id, organization_id, name, description, system_prompt, model, avatar, color, capabilities,
  rag_enabled, temperature, max_tokens, is_custom, is_public, created_by, created_at, updated_at)
select md5('ai_agent:' || k || ':' || twin)::uuid,
  case when twin = 1 then md5('organization:Northlight Therapeutics Inc.')::uuid
       when k <> 5 then md5('organization:Harbour Digital Health GmbH')::uuid end,
  name, case when twin = 2 and k = 3 then null else description end,
  prompt, case when k = 2 then 'claude-3-sonnet' else 'gpt-4' end, avatar, color, capabilities::text[],
  k <> 4, temperature + case when twin = 2 and k = 1 then 0.1 else 0 end, 2000, k = 5, k in (2, 4),
  case k when 1 then md5('profile:lukas.brandt@northlight.example')::uuid
         when 2 then md5('profile:tom.okafor@harbour.example')::uuid
         when 3 then md5('account closed in 2023')::uuid end,
  timestamptz '2023-11-20 14:00:00+00' + k * interval '1 day' + (twin - 1) * interval '3 hours 20 minutes',
  timestamptz '2024-03-11 10:00:00+00' + k * interval '1 day' + (twin - 1) * interval '3 hours 20 minutes'
from (values
  (1, 'Clinical Trial Designer', 'Helps study teams sketch a clinical trial: question, population, arms and the smallest useful sample.', 'You help clinical study teams design trials. Start from the question, never from the drug.', '🧪', '#2563eb', '{study-design,statistics}', 0.30),
  (2, 'Regulatory Navigator', 'Answers first questions on FDA and EMA procedures, with a link to the guidance it relied on.', 'You answer questions on regulatory procedures of health authorities. Always link the guidance.', '📋', '#7c3aed', '{guidance-search}', 0.20),
  (3, 'Medical Writer', 'Drafts abstracts, manuscripts and lay summaries of drug studies in the style of a given journal.', 'You write medical texts. Keep to the data you are given and mark every gap.', '✍️', '#059669', '{writing,references}', 0.60),
  (4, 'Reimbursement Strategist', 'Outlines how a therapy may be paid for by insurers in a chosen country.', 'You explain reimbursement to teams that meet a payer for the first time.', '💶', '#d97706', '{coverage,pricing}', 0.70),
  (5, 'Wellbeing Companion', 'Chats about sleep, stress and exercise in a digital health app and refers to a professional when needed.', 'You are a friendly companion in a health app. You never diagnose.', '🌱', '#16a34a', '{coaching}', 0.90)
) as a (k, name, description, prompt, avatar, color, capabilities, temperature)
cross join (values (1), (2)) as t (twin);

insert into chat_conversations (id, agent_id, profile_id, title, messages, created_at, updated_at)
select md5('chat:' || n)::uuid, a.id, p.id, 'Conversation ' || n, 2 + n * 7 % 40,
  timestamptz '2024-04-01 09:00:00+00' + n * interval '9 hours', timestamptz '2024-04-01 09:30:00+00' + n * interval '9 hours'
from generate_series(1, 64) as n
join (select id, row_number() over (order by created_at, id) - 1 as k from ai_agents) a on a.k = n % 10
join (select id, row_number() over (order by email) - 1 as k from profiles) p on p.k = n % 6;

insert into industries (id, unique_id, industry_code, industry_name, naics_codes, gics_sector, description,
  sub_categories, example_agents, created_at, updated_at)
select md5('industry:' || code)::uuid, unique_id, code, name, naics::text[], sector, description, sub_categories::jsonb,
  '{}', timestamptz '2024-01-03 00:00:00+00', timestamptz '2024-01-03 00:00:00+00'
from (values
  ('pharmaceuticals', 'IND-PHARMACEUTICALS', 'Pharmaceuticals', '{325412}', 'Health Care', 'Makers of prescription medicines', '["brand", "generics"]'),
  ('digital_health', 'IND-DIGITAL-HEALTH', 'Digital Health', '{511210,518210}', 'Health Care', 'Apps, telehealth and digital therapeutics', '["dtx", "telehealth", "wearables"]'),
  ('biotechnology', 'IND-BIOTECHNOLOGY', 'Biotechnology', '{541714}', 'Health Care', 'Biologics, cell and gene therapies', '["gene therapy", "cell therapy"]'),
  ('medical_devices', 'IND-MEDICAL-DEVICES', 'Medical Devices', '{339112,339113}', 'Health Care', 'Devices, implants and their software', '["implants", "samd"]'),
  ('diagnostics', 'IND-DIAGNOSTICS', 'Diagnostics', '{325413,621511}', 'Health Care', 'Assays, laboratories and imaging', '["ivd", "imaging"]'),
  ('healthcare_providers', 'IND-HEALTHCARE-PROVIDERS', 'Healthcare Providers', '{622110,621111}', 'Health Care', 'Hospitals, clinics and practices', '["hospitals", "primary care"]'),
  ('payers', 'IND-PAYERS', 'Payers', '{524114}', 'Financials', 'Insurers, health plans and sick funds', '["commercial", "public"]'),
  ('cro', 'IND-CRO', 'Contract Research Organizations', '{541715}', 'Health Care', 'Companies that run studies for others', '[]'),
  ('cdmo', 'IND-CDMO', 'Contract Development and Manufacturing', '{325412}', 'Health Care', 'Companies that develop and make products for others', '[]'),
  ('health_it', 'IND-HEALTH-IT', 'Health IT', '{541512}', 'Information Technology', 'Records, interfaces and data platforms', '["ehr", "interoperability"]'),
  ('research_institutions', 'IND-RESEARCH', 'Research Institutions', '{541715,611310}', null, 'Universities and institutes', '[]'),
  ('regulatory_bodies', 'IND-REGULATORS', 'Regulatory Bodies', '{926150}', null, 'Agencies and notified bodies', '[]'),
  ('pharmacy_services', 'IND-PHARMACY', 'Pharmacy Services', '{446110}', 'Consumer Staples', 'Retail, hospital and speciality pharmacies', '[]'),
  ('medical_education', 'IND-EDUCATION', 'Medical Education', '{611310}', null, 'Continuing education and training', '[]'),
  ('healthcare_consulting', 'IND-CONSULTING', 'Healthcare Consulting', '{541611}', 'Industrials', 'Advice to everybody else', '[]'),
  ('PHARMA', 'IND-PHARMA', 'Pharmaceutical', null, null, null, '[]')
) as i (code, unique_id, name, naics, sector, description, sub_categories);

insert into personas (id, unique_id, name, display_name, persona_type, seniority_level, decision_authority,
  description, short_bio, tagline, profile, responsibilities, pain_points, goals, is_featured, is_verified, tenant_id,
  owner_tenant_id, created_at, updated_at, version)
select md5('persona:' || unique_id)::uuid, unique_id, name, name, type, seniority, authority, description,
  description, null, jsonb_build_object('experience_years', years), responsibilities::jsonb, '["too little time"]', '[]',
  years > 12, true, md5('tenant:northlight')::uuid, md5('tenant:northlight')::uuid,
  timestamptz '2024-03-01 00:00:00+00', timestamptz '2024-03-01 00:00:00+00', 2
from (values
  ('PER-MSL-FIELD', 'Field Medical Science Liaison', 'medical', 'senior', 'recommends', 'Talks science with investigators four days a week.', 7, '["scientific exchange", "insights"]'),
  ('PER-MED-DIRECTOR', 'Medical Director', 'medical', 'executive', 'decides', 'Answers for everything medical in one therapeutic area.', 15, '["strategy", "review"]'),
  ('PER-MED-INFO', 'Medical Information Manager', 'medical', 'mid', 'recommends', 'Owns answers to questions from physicians and patients.', 6, '["standard responses"]'),
  ('PER-MA-LEAD', 'Market Access Lead', 'access', 'senior', 'decides', 'Takes a product from price to paid prescription.', 13, '["pricing", "contracts"]'),
  ('PER-HEOR', 'Health Economist', 'access', 'mid', 'recommends', 'Builds the models that payers take apart.', 8, '["models", "dossiers"]'),
  ('PER-REG-LEAD', 'Regulatory Affairs Lead', 'regulatory', 'senior', 'decides', 'Speaks for the company with the agency.', 14, '["submissions"]'),
  ('PER-CLIN-SCI', 'Clinical Scientist', 'clinical', 'mid', 'recommends', 'Writes protocols and lives with their consequences.', 5, '["protocols", "data review"]'),
  ('PER-CLIN-OPS', 'Clinical Operations Manager', 'clinical', 'senior', 'decides', 'Runs studies on time and within budget.', 10, '["sites", "vendors"]'),
  ('PER-CIO', 'Hospital Chief Information Officer', 'technology', 'executive', 'decides', 'Keeps the hospital running when systems do not.', 18, '["systems", "security"]'),
  ('PER-PATIENT-LEAD', 'Patient Engagement Lead', 'patient', 'mid', 'recommends', 'Brings the voice of patients into decisions.', 4, '["communities"]')
) as p (unique_id, name, type, seniority, authority, description, years, responsibilities);

-- What an earlier import left: a name for a misspelt column, and lists encoded twice.
insert into personas (id, unique_id, name, display_name, persona_type, responsibilities, pain_points, goals,
  created_at, updated_at)
select md5('persona:import:' || n)::uuid, 'PER-IMPORT-' || lpad(n::text, 4, '0'), 'Unknown Persona', null,
  (array['medical', 'access', 'clinical', 'technology'])[1 + n % 4],
  to_jsonb('["item ' || n || '", "item ' || n + 1 || '"]'), to_jsonb('["unclear ownership"]'::text), '[]',
  timestamptz '2024-05-06 00:00:00+00' + n * interval '1 minute', timestamptz '2024-05-06 00:00:00+00' + n * interval '1 minute'
from generate_series(1, 200) as n;
