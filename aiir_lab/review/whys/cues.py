"""Words that show where an answer ends, with their weight: at a person, a condition, or a mechanism."""

from __future__ import annotations

PERSON_CUES = (
    (3.0, r"\b(?:human|operator|user|manual|personal|pilot) error\b|\bhuman (?:failure|mistake|factor)s?\b"),
    (
        2.5,
        (
            r"\b(?:careless\w*|negligen\w+|lazy|laziness|sloppy|sloppiness|inattent\w+"
            r"|incompeten\w+|inexperienced?|lack(?:ed|s|ing)?(?: the| of| any)? (?:care"
            r"|attention|concentration|experience|skill|knowledge|diligence|discipline"
            r"|motivation|effort|interest|imagination|patience|competence|focus|judgement"
            r"|talent|expertise|training)|not (?:paying|pay) attention|attention (?:slipped"
            r"|lapsed|wandered)|forgetful\w*|absent-minded|oversight by|momentary lapse"
            r"|lapse of|lapse in|unmotivated|overconfiden\w+|reckless\w*|unprofessional|hasty"
            r"|in a hurry|in a rush|tired|fatigued|distracted|confused the|mistake by|typo"
            r"|slip of|fat[- ]finger\w*|by mistake|by accident|should have known|known better"
            r"|common sense|wasn't thinking|did not think|did not concentrate"
            r"|not concentrat\w+|n't concentrat\w+|be bothered|blindly|panick\w+|bad judgement"
            r"|poor judgement)\b"
        ),
    ),
    # only people are he or she
    (2.6, r"^(?:(?:because|since|as)\s+)?(?:he|she)\b"),
    (
        2.5,
        (
            r"\b(?:bad|poor|sloppy|careless|shoddy|negligent|weak) (?:work|job|decision|handling|judge?ment"
            r"|attention|performance|choice|effort) (?:by|of|from|on)\b|\bcut(?:s|ting)? corners\b"
            r"|\b(?:a|the|some) (?:lapse|moment) of \w+|\bimpatien\w+|\bin (?:his|her|their) sleep\b"
        ),
    ),
    (
        1.5,
        (
            r"\b(?:forgot|overlooked|misread|misunderstood|mistyped|ignored|neglected|mixed up"
            r"|never bothered|took a shortcut|cut corners)\b"
        ),
    ),
)
SYSTEM_CUES: tuple[tuple[float, str], ...] = (
    (
        3.0,
        (
            r"\b(?:no(?:body|t? one)?|nobody|no team|no single|without(?: a| an| any)?|lacks?"
            r"|has no|have no|had no|unclear|missing|shared|undefined|never (?:had|been given"
            r"|got|assigned))\b[^.;]{0,40}\b(?:owns?|owned|owners?|ownership|responsib\w+"
            r"|accountab\w+|in charge|mandate|stewards?|assigned|custodian)\b|\b(?:ownership"
            r"|responsibility|accountability|ownership of \w+)\b|\bfalls between\b|\b(?:given"
            r"|has|have|had) the (?:job|task|remit|mandate) of\b|\bon (?:any"
            r"|no) team's (?:list|plate|agenda)\b|\b(?:never|not) agreed (?:on |which |who )"
            r"|\bbelongs to (?:nobody|no one|no team)\b"
        ),
    ),
    (
        2.5,
        (
            r"\b(?:polic(?:y|ies)|process(?:es)?(?! (?:crashed|died|hung|was killed|ran))"
            r"|procedures?|governance|standards?|guidelines?|criteria|definition of done"
            r"|checklists?|templates?|review (?:board|process|step|gate)|change management"
            r"|release management|sla|service level|contracts?|mandate|rulebook|sign-?off"
            r"|approval|playbook|practice is|practices?|curriculum|onboarding"
            r"|training (?:programme|program|plan|budget)|handover|procurement|purchasing"
            r"|audits?|risk (?:register|assessment)|post-?mortems?|lessons|convention|workflow"
            r"|norm|culture|operating model|scope of)\b"
        ),
    ),
    (
        3.0,
        (
            # people are rewarded by an organisation; the reward of a model or an agent is a number
            r"\b(?:incentiv\w+|(?<!agent is )(?<!agent was )(?<!model is )(?<!model was )(?<!policy is )"
            r"(?<!policy was )rewarded|rewards? (?:people|teams|staff|engineers|managers|those|speed|volume"
            r"|\w+ing)|bonus\w*|okrs?|kpis?|goals?|targets?(?! (?:host"
            r"|server|table|url|class))|roadmap\w*|priorit\w+|deprioriti\w+|budget\w*|fund(?:s"
            r"|ed|ing)|unfunded|headcount|staff(?:ed|ing)|understaffed|hiring|hired"
            r"|capacity planning|resourc\w+|management|leadership|executives?"
            r"|the organi[sz]ation|the company|reorgani[sz]ation|reorg|silos?"
            r"|separate (?:teams|roadmaps)|competes? with|trade-?off|cost[- ]cutting"
            r"|quarter\w*|deadlines?|velocity|measured (?:on|by)|praised for|promoted for"
            r"|business case|invest\w*|pressure to|time to market|delivery dates?|feature work"
            r"|technical debt|debt)\b"
        ),
    ),
    (
        1.8,
        (
            r"\b(?:there (?:is|was|are|were) (?:still )?(?:no|nothing|neither|not any)|has no"
            r"|have no|had no|had never (?:had|been)|no \w+(?: \w+){0,3} (?:exists?"
            r"|is (?:defined|required|in place|foreseen|planned|assigned|asked|set))|with no"
            r"|lacks? (?:a|an|any)|is missing from|not part of"
            r"|outside (?:of )?(?:the )?(?:\w+ )?(?:change|review|scope|process|monitoring)"
            r"|exempt\w*|excluded from|not (?:required|covered|mandatory|included|foreseen"
            r"|planned|scheduled|subject to|asked|defined|versioned|treated)"
            r"|never (?:been )?(?:budget\w*|defined|assigned|priorit\w+|reviewed|funded"
            r"|planned|agreed|documented|required|scheduled|revisited|included|asked|tested"
            r"|rehearsed|designed|specified|reassessed|updated)|optional|voluntary|left to"
            r"|up to each|ad hoc|informal\w*|undocumented|only on paper|bypass(?:es)?"
            r"|predates?|(?:does|do) not (?:trigger|include|cover|apply to|extend to|mention"
            r"|ask|require|address|reach)|no(?:body| one) (?:is|was|has been|had been"
            r"|has ever been|was ever) (?:given|asked|assigned|told to|expected|required|paid"
            r"|tasked)|no requirement|requires? no|needs? no|asks? for no|no (?:gate|check"
            r"|test|alert|review|step|rule|standard|policy|owner|process|budget|time|way"
            r"|mechanism|safeguard|guardrail|guard|limit|validation|monitor\w*|second"
            r"|independent|automated|automatic))\b"
        ),
    ),
    (
        2.0,
        (
            r"\b(?:pipeline|tool(?:s|ing)?|platform|consoles?|registr(?:y|ies)|workflow"
            r"|deploy\w*|ci|templates?|interface|system|database|cli|service|framework"
            r"|scheduler|product|dashboard|alerting|training (?:job|pipeline)|release"
            r"|promotion|architecture|design|our \w+|environment|repository|permissions?"
            r"|onboarding|loader|model registry|script|gate|connector|bot|ui|form"
            r"|editor)s?\b[^.;]{0,50}\b(?:lets?|allows?|permits?|accepts?|treats?|offers? no"
            r"|provides? no|supports? no|comes without|gives? no|does not|doesn't|do not|don't"
            r"|cannot|shows? no|asks? for no"
            r"|makes it (?:easy|possible|hard)|requires? (?:no|neither)|has no|have no"
            r"|enforces? (?:no|nothing)|never (?:asks?|checks?|requires?)|trusts?"
            r"|look(?:s)? (?:alike|the same|identical)|knows no|assumes?)\b"
        ),
    ),
    (
        2.0,
        (
            r"\b(?:by (?:default|design|convention|hand every|policy)|default for|as (?:a"
            r"|the) default|anyone can|everyone can|any (?:engineer|developer|team|user"
            r"|employee|one)\b[^.;]{0,20}\bcan|can (?:be|go|still be|reach|enter|merge|deploy"
            r"|release)\b[^.;]{0,50}\bwithout|each team|every team|teams? (?:choose|write"
            r"|build|decide|maintain|are|work)|in quarters|always|whenever|routinely|usually"
            r"|historically|for years|since the (?:reorgani[sz]ation|migration|merger"
            r"|founding)|two (?:platform )?teams|was (?:designed|built|written|set up|sized"
            r"|chosen|introduced) (?:for|before|as|to|when|with|without|on)"
            r"|were written before|is planned on|planned for|sized for|counts? (?:as|toward)"
            r"|treated as|considered|regarded as|seen as|is based on|relies on"
            r"|depends on (?:memory|people|manual|volunteers|one person|goodwill)"
            r"|single person|one person|manual(?:ly)? (?:step|process|work))\b"
        ),
    ),
)
SYSTEM_CUES += (
    (
        2.0,
        (
            r"\brequirements?\b|\b(?:was|were|is|are) (?:bought|procured|purchased|selected|chosen|set"
            r"|configured|adopted|approved|agreed|signed|copied|translated|updated|reviewed|measured)"
            r" (?:without|for|only|orally|by hand|on request|from a template)\b"
            r"|\bwithout (?:a|any|the)?\s?(?:\w+ )?"
            r"(?:clause|owner|review|test|check|consent|involvement|\w+ taking part)\b"
            r"|\b(?:rota|rotation|plan|rule|contract|specification|design|checklist|suite)s?\b[^.;]{0,30}"
            r"\b(?:no|not|without|never|dates from|does not|doesn't|was set)\b"
        ),
    ),
)
# a standing lack in how the organisation works: who does not pass what on, which rule nobody made
SYSTEM_CUES += (
    (
        2.5,
        (
            r"\b(?:intake|agreements?|arrangements?|change requests?|acceptance criteria|data partners"
            r"|withdrawals?|retention|reference data|hand-?off|escalation path|job descriptions?|tender"
            r"|statement of work|terms of reference|service catalogue|register)\b[^.;]{0,60}"
            r"\b(?:no|not|never|neither|nothing|without|only|nor|ends? (?:with|at|before))\b"
            r"|\b(?:no|nobody|no one|nothing|neither|none|without)\b[^.;]{0,60}"
            r"\b(?:is|are|was|were)? ?(?:routed|assigned|informed|consulted|notified|mandated|obliged"
            r"|required"
            r"|told when|asked when|removes|tells|links?|connects?|reaches|triggers|compares|looks after"
            r"|maintains)\b"
            r"|\bnot (?:routed|linked|connected|passed on|handed on|communicated|shared with|announced"
            r"|coordinated)\b"
            r"|\bstep in (?:any|no|some)\w*\b|\bwithout (?:a|any) (?:separate|own|second|agreed) \w+"
            r"|\bone (?:global|shared|common) (?:setting|rule|limit|account|queue|default)\b"
        ),
    ),
)
MECHANISM_CUES = (
    (
        1.6,
        (
            r"\b(?:on \d{1,2} \w+|at (?:\d{1,2}(?::\d\d)?|noon|midnight|night)|last (?:night"
            r"|week|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|suddenly"
            r"|after \d+ \w+|for \d+ (?:seconds?|minutes?|hours?)|of \d+ ?(?:s|ms|gb|mb"
            r"|seconds?|minutes?)|took \d+|version \d|by a factor|\d+ times|to \d|from \d"
            r"|during the night|overnight|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
        ),
    ),
    (
        1.4,
        (
            r"\b(?:null|nan|pointer|overflow|exception|segfault|stack|heap|thread|deadlock"
            r"|race condition|timeout|timed out|packet|dns|tls|socket|port|regex|integer|float"
            r"|string|encoding|utf|json|csv|parquet|query|join|index|shard|replica|partition"
            r"|cache|ttl|token|cookie|checksum|hash|gpu|cpu|ram|memory|disk|volume|inode"
            r"|kernel|driver|firmware|router|switch|rack|fan|node|pod|container|image|cluster"
            r"|loop|variable|parameter|threshold|coefficient|layer|embedding|tokeni[sz]er"
            r"|checkpoint|weights?|learning rate|batch|epoch|gradient|interpolation|exposure"
            r"|camera|sensor|cron|retrain|job|script|config(?:uration)? (?:push|file|value)"
            r"|library|dependency|package|api|endpoint|feed|file|column|field|row|label"
            r"|feature|seed|clock|timezone|leap|unit|format|template)s?\b"
        ),
    ),
    (
        1.2,
        (
            r"\b(?:was|were|had been|got|became|ran|crashed|failed|stopped|expired|dropped"
            r"|fell|rose|changed|switched|returned|overwrote|restarted|exceeded|hung|leaked"
            r"|matched|lagged|skipped|overheated|broke|rebooted|read|loaded|built|removed"
            r"|missed|contained|received|sent|started|used|shifted|drifted|doubled|filled"
            r"|blocked|threw|lost|copied|parsed|upgraded|applied|happened)\b"
        ),
    ),
)
