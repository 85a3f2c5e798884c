"""Word lists behind :mod:`aiir_lab.review.actions`: which verbs and things belong to which rung.

Source of the rungs: the action hierarchy of the VA National Center for Patient Safety (stronger:
architecture, forcing function, simplification, standardisation, usability-tested equipment, leadership;
intermediate: redundancy, workload, software enhancement, fewer distractions, checklist, removing
look-alikes, read-back, better documentation; weaker: double check, warning, new policy, training, more
study), carried over to ML work: a gate or an automatic rollback is stronger, a drift alert or a checklist
intermediate, a wiki page or a training weaker. The lists are ours.
"""

from __future__ import annotations

from aiir_lab.review.phrasing import word_set

# Verbs that address a person's memory, attention or knowledge, or only gather more knowledge.
WEAK_VERBS = word_set(
    """remind train ask tell instruct encourage urge brief coach mentor educate teach inform communicate
    emphasise emphasize stress reiterate announce circulate distribute share email mail discuss
    investigate study research explore evaluate assess analyse analyze consider think look survey
    interview commission propose brainstorm double-check doublecheck verify watch pay try follow
    read advise recommend warn discipline talk meet sync align reflect acknowledge beware remember
    understand learn debrief socialise socialize raise-awareness familiarise familiarize re-train
    upskill sensitise sensitize counsel reprimand promote-awareness clarify explain highlight review
    revisit examine inspect message nudge exercise refresh examine determine figure identify
    reinforce appeal caution lecture foster promote-to-staff persuade convince invite stay meditate
    chat confer consult deliberate dig probe-into speak write-up recap summarise summarize scope
    brainstorming eyeball spot-check double-verify proofread notice observe heed prioritise
    prioritize champion cultivate nurture motivate incentivise empower ponder contemplate
    exercise-care query question wonder learn-from research-into scrutinise scrutinize self-review
    sense-check"""
)
# Verbs that take a possibility away, or make the system act without anyone remembering.
STRONG_VERBS = word_set(
    """block reject refuse prevent forbid prohibit ban deny disallow disable remove eliminate delete drop
    retire decommission sunset deprecate revoke restrict cap throttle rate-limit clamp clip
    quarantine isolate sandbox separate segregate split decouple consolidate unify collapse
    standardise standardize simplify migrate redesign re-architect rearchitect pin freeze lock gate
    guard halt abort shed enforce strip auto-rollback autorollback auto-revert auto-disable
    hard-code replace merge withdraw abolish forestall partition firewall deduplicate de-duplicate
    containerise sign fail-closed harmonise harmonize shut discard ringfence ring-fence force
    hold-back withhold reroute eradicate uninstall cut-off bar veto airgap air-gap wall centralise
    centralize flatten automate void expire terminate withhold abstain bail suspend cancel kill
    condition bind fence cordon constrain confine restructure re-platform replatform modularise
    modularize embargo neutralise neutralize bypass-proof short-circuit hardwire hard-wire delist
    unplug dismantle scrap ditch axe abandon-path fold swap contain blacklist blocklist whitelist
    allowlist allow-list sever unlink unbundle reduce-privileges de-risk trip interlock reserve
    narrow nullify zero derive templatise templatize parametrize commoditise deny-by-default excise
    purge tombstone sequester detach insulate interpose serialise serialize debounce dry-run"""
)
# Verbs of helping, seeing, having more of, or mending one thing.
INTERMEDIATE_VERBS = word_set(
    """alert page notify monitor track measure log record store display show visualise visualize compare
    sample audit test cover rehearse drill practise practice hire staff double increase raise scale
    provision replicate back spread tune adjust fix repair patch upgrade rename label annotate
    subscribe route reduce document describe keep connect rotate move expose surface report plot
    trace tag version backfill recalibrate calibrate correct extend expand triple duplicate mirror
    rehost recruit balance index cache snapshot archive print colour color highlight-in group sort
    mute silence trim detect sign-off approve flag highlight chart graph summarise-in-report poll
    ping heartbeat pre-compute warm upsize overprovision over-provision mirror-traffic red-team
    redteam stress-test load-test fuzz smoke-test verify-nightly colour-code color-code
    differentiate distinguish reword reorder regroup timestamp date-stamp relabel re-label restore
    roll instrument watchlist benchmark simulate shadow add-capacity"""
)
# Verbs that say nothing by themselves: the thing that is built decides.
BUILD_VERBS = word_set(
    """add implement create build introduce design develop architect automate set put establish deploy
    write enable configure install roll launch ship provide produce prepare draft define make have
    let get ensure use adopt apply include embed integrate publish issue post present hold organise
    organize host run schedule arrange conduct offer give start begin engineer wire rework update
    revise rewrite extend improve enhance strengthen increase expand refine complete finish deliver
    release maintain require mandate demand insert attach stick take place sew plug bring mount
    activate turn switch assign appoint name form stand change convert route send enrol enroll plan
    do perform work hook generate compute script version swap open stop fail limit validate check
    tie link wrap back scan encode sync pull push register supply stage render fetch code bake cut
    cover treat charge nominate agree invest fund dedicate rebuild re-run rerun retrain refactor
    revert pause declare import export allow permit compile close extract finalise finalize optimise
    optimize stabilise stabilize harden secure handle clean bump continue better boost aim commit
    reconsider rethink tighten reset separate-out surface lower"""
)
ALL_VERBS = WEAK_VERBS | STRONG_VERBS | INTERMEDIATE_VERBS | BUILD_VERBS

# Nouns whose presence at the head of the object settles the rung.
WEAK_THINGS = (
    r"(?:mailing|distribution) lists?|"
    r"reminders?|e-?mails?|mails?|memos?|memorandum|trainings?|courses?|curricul\w+"
    r"|workshops?|sessions?|lessons?"
    r"|e-learning(?: module)?s?|learning modules?|training modules?|seminars?"
    r"|webinars?|lunch[- ]and[- ]learns?"
    r"|brown[- ]bags?|briefings?|talks?|presentations?|slides?|(?:wiki|confluence"
    r"|notion|intranet|info)(?: pages?)?"
    r"|wiki (?:entry|article)s?|guidelines?|guidance|polic(?:y|ies)|warnings?"
    r"|warning (?:labels?|signs?|texts?|comments?)"
    r"|banners?|stickers?|signs?|notes?|comments?|pop-?ups?|disclaimers?|announcements?|newsletters?"
    r"|(?:slack|teams|chat|channel) (?:message|post|reminder)s?|messages?|posts?|stud(?:y|ies)|analys[ei]s"
    r"|investigations?|research|surveys?|discussions?|meetings?|proposals?|rfcs?|faqs?"
    r"|best practices?|awareness"
    r"|culture|principles?|statements?|pledges?|cheat ?sheets?|posters?|double[- ]checks?|double[- ]checking"
    r"|manual (?:checks?|verifications?)|procedures?|sops?|conventions?"
    r"|working groups?|task ?forces?|committees?"
    r"|quiz(?:zes)?|exams?|certifications?|refreshers?|onboarding|attention|care|vigilance|mindset|diligence"
    r"|expectations?|lessons learned(?: document)?|write-?ups?|post-?mortems?"
    r"|labels? \"[^\"]*\"|rules? of thumb"
    r"|spikes?|literature|feasibility|options|knowledge|understanding|communication|all-hands|retrospectives?"
    r"|code of conduct|guides?|style guides?|how-?tos?|circulars?|recaps?|decks?"
    r"|captions?|(?:awareness|training|safety) (?:week|day|month)s?|reminding"
    r"|bulletins?|leaflets?|flyers?|handbooks?|classes|class|q&as?|ama|roundtables?"
    r"|conversations?|chats?|calls?|syncs?|1:1s?|one-on-ones?"
    r"|reflections?|commitment|habits?|skills?|competenc\w+|literacy|ownership"
    r"|accountability|discipline|rigou?r|seriously|caveats?|notices?"
    r"|deep[- ]dives?|root cause analys[ei]s|assessments?|explorations?|inquir\w+"
    r"|opinions?|debates?|advice|advisor(?:y|ies)|instructions?"
    r"|expectation|norms?|ground rules|rules of engagement|etiquette|protocols?"
    r"|code freeze rule|mantras?|quiz|readings?|reading lists?"
    r"|tutorials?|videos?|bootcamps?|mentoring|coaching|campaigns?|townhalls?|standards? document"
    r"|reminder bots?|nudges?|caution|tooltips?|docstrings?|recommendations?|white ?papers?|blog posts?"
)
INTERMEDIATE_THINGS = (
    r"alerts?|alerting|alarms?|monitors?|monitoring|dashboards?|charts?|graphs?"
    r"|metrics?|reports?|logs?|logging"
    r"|checklists?|check-lists?|templates?|runbooks?|playbooks?|documentation|docs"
    r"|dictionar(?:y|ies)|model cards?"
    r"|data ?sheets?|sign-?offs?|approvals?|approvers?|reviewers?|peer reviews?"
    r"|code reviews?|second (?:pair|set) of eyes"
    r"|replicas?|backups?|redundanc(?:y|ies)|standby|spare|fallbacks?"
    r"|second(?:ary)? \w+|tests?|test suites?|probes?"
    r"|shadow (?:run|deployment|mode)s?|audits?|drills?|rehearsals?|game ?days?|staff"
    r"|headcount|rotas?|shifts?"
    r"|handovers?|hand-offs?|read-?backs?|notifications?|pages?|samples?|sampling|slos?|timers?|indicators?"
    r"|counters?|audit (?:log|trail)s?|scripts?|tools?|capacity|servers?|copies|copy|observability|telemetry"
    r"|detectors?|detection|views?|screens?|fields?|badges?|markers?|annotators?|moderators?|feeds?|sources?"
    r"|exporters?|tracing|phone trees?|escalation paths?|contacts?|glossar(?:y|ies)"
    r"|diagrams?|inventor(?:y|ies)"
    r"|canar(?:y|ies)|confirmation (?:step|dialog|prompt|screen)s?|visuali[sz]ations?|heat ?maps?|scorecards?"
    r"|golden sets?|benchmarks?|evaluations?|simulations?|tabletops?"
    r"|tabletop exercises?|paging|on-call engineers?"
    r"|rosters?|crews?|panels?|annotations?|labels?|flags?|diffs?|comparisons?"
    r"|snapshots?|watchdogs?|heartbeats?|synthetic \w+|trackers?"
    r"|escalation (?:matrix|paths?|polic(?:y|ies))|red[- ]team(?:ing)?(?: exercise)?s?"
    r"|dress rehearsals?|failover exercises?|chaos (?:test|experiment)s?|buddy system"
    r"|pairing|co-?pilots?|second opinion|reconciliations?|parity (?:test|check)s?"
    r"|tags?|annotations?|lineage|catalogu?es?|changelogs?|release notes"
    r"|schedules?|budget|buffers?|headroom|nodes?|zones?|regions?|links?|summary"
    r"|summaries|hotlines?|channels?|bots?"
    r"|regression tests?|unit tests?|integration tests?|load tests?|leaderboards?|registers?|mirrors?|lists?"
)
STRONG_THINGS = (
    r"gates?|interlocks?|locks?|guards?|guard-?rails?|circuit[- ]breakers?|breakers?|kill[- ]switch(?:es)?"
    r"|caps?|hard (?:\w+ )?limits?|rate[- ]limits?|(?:\w+ )?limiters?|quotas?"
    r"|allow-?lists?|block-?lists?|deny-?lists?|sandbox(?:es)?"
    r"|isolation|schema (?:enforcement|validation|checks?)|typed schemas?|types?|quarantines?|holding areas?"
    r"|separation(?: of duties)?|(?:deletion|branch|write) protection"
    r"|admission (?:control(?:ler)?|polic(?:y|ies))s?"
    r"|(?:iam|bucket|network|access|branch protection|retention|lifecycle|firewall"
    r"|admission|opa) (?:polic(?:y|ies)|rules?)"
    r"|auto(?:matic|mated)?[- ](?:roll-?back|revert|fail-?over|shut-?off|shutdown"
    r"|pause|stop|freeze|disable|fallback|recovery)s?"
    r"|pre-?(?:commit|submit|merge|receive) (?:hook|check)s?|(?:ci|merge|build"
    r"|deploy\w*|promotion|release|admission) (?:gate|block|guard|hook)s?"
    r"|forcing functions?|hard stops?|fail-?safes?|single source of truth"
    r"|default(?:s)? deny|dead-?man'?s? switch(?:es)?"
    r"|least[- ]privilege|two-person (?:lock|control)|immutable \w+"
    r"|idempotency(?: keys?)?|constraints?|bulkheads?"
    r"|fuses?|tripwires?|safety (?:catch|stop|net)es?|governors?|throttles?|cut-?offs?"
    r"|cut-?outs?|barriers?|airlocks?|turnstiles?|veto(?:es)?"
    r"|closed lists?|enums?|drop-?downs?|type systems?|data contracts?"
    r"|schema registr(?:y|ies)|contracts?|database transactions?|atomic \w+"
    r"|one[- ]click \w+|self-healing|auto-?scal\w+|automatic \w+"
    r"|automated (?:promotion|deployment|release|roll\w*|recovery|renewal|rotation"
    r"|provisioning)|required (?:status )?checks?"
    r"|deletion delays?|soft[- ]delet(?:e|ion)s?|signature (?:verification|checks?)|fences?|fencing"
)

# Something that acts by itself and refuses, undoes or stops.
ENFORCES = (
    r"(?:blocks?|rejects?|refuses?|stops?|prevents?|halts?|aborts?|fails the"
    r"|turns? (?:away|off)|disables?|quarantines?"
    r"|denies|deny|forbids?|rolls? back|reverts?|trips?|exits?|freezes?|pauses?|locks?"
    r"|kills?|shuts?|drops?|cannot"
    r"|can ?not|can't|bounces?|throws? out|discards?|withholds?|suspends?|falls back"
    r"|switches|vetoes|bars|holds? back"
    r"|makes? it impossible|excludes?|bails?(?: out)?|terminates?|cancels?|holds"
    r"|waits? (?:for|until)|abstains?|must not|no longer (?:possible|allowed|able)"
    r"|turns? red|goes away|errors out|raises an error|only admits?|only accepts?"
    r"|won't|will not)"
)
# Only people can do these: what follows depends on somebody remembering.
PEOPLE = (
    r"(?:engineers?|developers?|devs?|operators?|analysts?|reviewers?|moderators?"
    r"|annotators?|labell?ers?|staff|everyone"
    r"|everybody|employees|colleagues|people|teams?|team members?|squads?|leads?"
    r"|managers?|owners?|on-?call(?:ers)?(?: engineers?)?"
    r"|data scientists?|scientists?|responders?|users?|agents?|planners?|underwriters?"
    r"|new hires?|newcomers?|juniors?"
    r"|contractors?|humans?|someone|somebody|us|all|authors?|deployers?|approvers?"
    r"|sres?|admins?|administrators?|ops|buyers?|clerks?|officers?|directors?|editors?"
    r"|writers?|testers?|stewards?|agents on shift|customers?|members|shift|whoever"
    r"|interns?|seniors?|product owners?"
    r"|supervisors?|commanders?|partners?|vendors?|merchants?|shift (?:leads?"
    r"|workers?)|support|personnel|folks)"
)
SIGN_OFF = (
    r"(?:second|two|another|independent|peer|dual|joint|additional|extra|four[- ]eyes"
    r"|two-person|explicit|lead)[\w' -]{0,30}"
    r"(?:sign-?offs?|approv\w+|reviewers?|review|person|people|eyes|signatures?"
    r"|engineers?)|sign-?offs?|approvals?"
    r"|signs? off|approved by|read[- ]?back"
)
# Things that only make noise or look alike: taking them away is "fewer distractions", not a forcing function.
NOISE = (
    r"(?:alerts?|alarms?|notifications?|pages|noise|noisy|warnings|meetings"
    r"|distractions?|look-?alikes?|clutter|interruptions?)"
)
PAPER = (
    r"(?:wiki|documents?|docs|documentation|polic(?:y|ies)|e-?mails?|slides"
    r"|guidelines?|reminders?|memos?|readme)"
)

# Two-part verbs, written as the one verb they amount to.
IDIOMS: tuple[tuple[str, str], ...] = (
    (
        r"(?:get rid of|do away with|throw (?:away|out)|clear out|weed out|take (?:away|down|out))",
        "eliminate",
    ),
    (
        (
            r"(?:phase|wind) (?:out|down)|put an end to|shut down|close (?:down|off)"
            r"|switch off|turn off|pull the plug on"
        ),
        "retire",
    ),
    (
        (
            r"(?:move|cut over|switch over|migrate|port|shift) (?=.{0,60}\b(?:on)?to (?:a |an "
            r"|one |the )?(?:\w+ ){0,2}(?:managed|shared|single|dedicated|separate|own"
            r"|immutable|common|central|declarative|event))"
        ),
        "migrate",
    ),
    (r"(?:lock|batten) down|seal off|cordon off|fence off|wall off", "lock"),
    (r"come up with|put together|pull together|draw up|put in place|work up", "create"),
    (r"bail out|back out automatically", "abort"),
    (r"keep (?=.{1,60}\b(?:out of|away from|off|apart from)\b)", "isolate"),
    (
        (
            r"(?:tie|peg|link) (?=.{1,60}\bto (?:a |an |the )?[\w -]{0,30}(?:test|evaluation"
            r"|check|gate|score|result|record|approval|limit))|make (?=.{1,60}\b(?:conditional"
            r"|contingent|dependent) (?:up)?on\b)"
        ),
        "gate",
    ),
    (r"put (?=.{1,60}\bbehind\b)", "gate"),
    (
        (
            r"give (?=.{1,60}\b(?:zero|no) weight\b)|stop (?:accepting|allowing|letting"
            r"|serving|loading|taking|reading|trusting|ingesting|using)"
        ),
        "block",
    ),
    (
        (
            r"spell out|point out|drive home|bring home to|hammer home|talk (?:through|over|to"
            r"|with)|speak (?:to|with)|sit down with|reach out to|touch base with"
            r"|check in with|follow up with|catch up with|go (?:over|through)"
            r"|walk (?=.{1,40}\bthrough\b)|let (?=.{1,40}\bknow\b)|make (?=.{1,40}\baware\b)"
            r"|call on|appeal to|get the word out|bring up|raise (?=.{1,60}\b(?:with|at"
            r"|in) (?:the |our )?(?:team|stand-?up|meeting|vendor|retro))"
        ),
        "tell",
    ),
    (
        (
            r"look (?:at|into|for)|find out|dig into|get to the bottom of|drill (?:down )?into"
            r"|figure out|work out|see (?:if|whether|how|why)|take a (?:closer |deeper |fresh "
            r"|hard )?look(?: at| into)?|think (?:about|through|of)|have a think"
        ),
        "investigate",
    ),
    (
        (
            r"(?:take|exercise|use|apply) (?:more |extra |greater |due )?(?:care|caution)"
            r"|take (?=.{1,40}\bseriously\b)|pay (?:\w+ )?attention|keep (?:an|a close"
            r"|a closer|one) eye|keep (?:in mind|watching|monitoring|looking|track)|watch out"
            r"|stay (?:alert|vigilant|on top)|bear in mind|think twice"
        ),
        "remember",
    ),
    (r"hand out|pass (?:on|around|along)|send (?:round|around|out)|mail out", "distribute"),
    (r"beef up|step up|ramp up|shore up|level up|double down on|work on", "improve"),
    (r"sign off(?: on)?", "approve"),
    (r"(?:act|fail) closed", "block"),
)
# Effects that a machine brings about by itself when a sentence has it as its subject.
SYSTEM_ACTS = STRONG_VERBS | word_set(
    """flip hold wait exit roll revert switch fall stop fail pause close trip open shut degrade default
    require need demand accept error vanish cease lapse redirect downgrade renew rotate restart
    self-heal refuse load turn disappear cut skip ignore reset clear back return compute enforce
    validate limit rebuild undo land"""
)
