//! English.

use crate::lexicon::meaning as m;

pub(super) const WORDS: &[(m::Meaning, &str)] = &[
    (
        m::DROP,
        "ignore ignoring disregard* forget forgets forgetting override overriding overrule* bypass* neglect discard dismiss abandon circumvent* supersede* unlearn overlook erase void nullify skip negate revoke stop_following pay_no no_longer set_aside cast_aside put_aside leave_behind throw_out",
    ),
    (
        m::EARLIER,
        "previous previously prior above earlier preceding original initial former foregoing aforementioned precedent so_far up_to until_now beforehand",
    ),
    (m::PAST, "existing before past last old current standing"),
    (
        m::ORDERS,
        "instruction instructions prompt prompts rule rules guideline* directive* directions direction policy policies restriction restrictions constraint constraints guardrail* safeguard* programming orders commands limitations protocols instructed mandate*",
    ),
    (m::PROMPT, "instruction instructions prompt prompts directive* guideline* programming"),
    (
        m::TASK,
        "task tasks request requests question questions conversation context message messages everything anything text input assignment job discussion content goal objective prior_context above_text whatever things",
    ),
    (m::YOUR, "your yours"),
    (m::YOU, "you yourself"),
    (m::ARE, "are re be been is being become was were"),
    (m::SYSTEM, "system developer hidden secret internal initial confidential original base core preamble"),
    (
        m::REVEAL,
        "reveal revealing print show output repeat display disclose* leak dump recite echo translate* expose* divulge list summarize reproduce paraphrase spell",
    ),
    (m::NOT, "not never no dont cannot cant without avoid refrain nor wont shouldnt mustnt isnt neither"),
    (
        m::TELL,
        "tell telling inform informing mention mentioning notify notifying alert alerting reveal disclose disclosing acknowledge know knows knew aware let_know",
    ),
    (m::USER, "user users human humans operator operators supervisor"),
    (
        m::OTHERS,
        "customer owner client anyone anybody people person someone developer reader them him her visitor recipient employee engineer candidate team",
    ),
    (
        m::SEND,
        "paste send post upload forward email mail transmit* exfiltrat* submit deliver attach share leak publish e_mail report_back smuggle curl ping copy transfer",
    ),
    (
        m::SECRET,
        "password passwords passphrase credential credentials token tokens secret secrets apikey api_key api_keys api_token private_key private_keys access_key access_keys ssh_key ssh_keys .env id_rsa ed25519 rsa netrc .npmrc .pypirc kubeconfig .ssh .aws .gnupg passwd cookies cookie session_id pin seed_phrase mnemonic keychain environment_variables environment_variable env_vars env_var bearer otp auth_token login_details passcode secret_key keystore wallet_key signing_key .kube .netrc .pem shadow",
    ),
    (
        m::LINK,
        ".com .net .org .io .dev .app .test .example .invalid .xyz .ru .cn .info .biz .me .site .online .top .co .ai .cc .tk .sh .link .click .cloud .onion webhook webhooks pastebin",
    ),
    (
        m::GET,
        "read open collect gather include extract fetch load cat copy get retrieve list dump grab harvest look_up find search print scan enumerate obtain query_all including",
    ),
    (m::MUST, "must need needs required mandatory shall should have_to has_to obliged necessary essential needed ought"),
    (m::TOOL, "tool tools function functions plugin mcp tool_call tool_calls endpoint action"),
    (m::BEFORE, "before first whenever prior_to after every_time each_time prior each when always until once"),
    (m::CALL, "use using call calling call_this invoke invoking run running execute executing trigger invocation perform called"),
    (
        m::AGENT,
        "assistant assistants ai llm llms chatbot bot gpt chatgpt claude copilot gemini cursor agent agents model models codex language_model grok llama mistral deepseek summarizer crawler ais",
    ),
    (
        m::PRETEND,
        "pretend* act acting roleplay* role_play simulate simulating impersonat* behave assume become play emulate imagine embody respond_as speak_as persona character",
    ),
    (
        m::UNBOUND,
        "unrestricted unfiltered uncensored jailbroken jailbreak unlimited limitless unbound unethical amoral dan unshackled liberated unaligned unconstrained unmoderated unchained omnipotent no_restrictions no_limits no_rules no_filters no_limitations any_restrictions uncensored without_restrictions without_limits evil unsafe rebellious freed do_anything",
    ),
    (
        m::ETHICS,
        "ethical ethics moral morality safety censorship moderation filters filter content_policy refusal refuse openai anthropic microsoft google alignment legality warnings disclaimers",
    ),
    (
        m::QUIET,
        "silently quietly secretly discreetly covertly stealthily invisibly confidentially unobtrusively surreptitiously in_secret in_silence on_the_quiet behind_the inconspicuously",
    ),
    (
        m::KEEP,
        "remember memorize store save append add adds write writes persist record put insert update set include keep edit change modify install register place",
    ),
    (
        m::MEMORY,
        "memory memories knowledge_base term_memory cursorrules .cursorrules windsurfrules .windsurfrules .clinerules clinerules user_preferences rules_file memory_file agents_file system_prompt permanent_memory hookspath hookpath .bashrc .zshrc .profile postinstall crontab bashrc auto_approve startup_file login_script memory_bank notes_file git_hook settings_file agent_settings",
    ),
    (m::RULES_FILE, "agents_md claude_md gemini_md skill_md copilot_instructions soul_md memory_md rules_md .mdc"),
    (
        m::ALWAYS,
        "always every future subsequent permanently forever all_future each_future from_now henceforth next_time onwards onward all_sessions later_sessions following_sessions coming",
    ),
    (m::SESSION, "session sessions conversations chats interactions responses replies runs requests projects"),
    (
        m::APPROVE,
        "approve approves approved accept grant rate rated score mark merge recommend authorize endorse hire shortlist lgtm allow whitelist allowlist classify label declare praise rank",
    ),
    (
        m::MONEY,
        "transfer pay payment payments payout buy purchase gift_card gift_cards money funds wallet bitcoin btc eth iban wire invoice refund usd eur dollars account_number donate bank subscription deposit upgrade yearly_plan crypto",
    ),
    (
        m::URGENT,
        "urgent urgently immediately critical emergency asap important attention priority crucial warning mandatory right_now at_once without_delay imperative deadline time_sensitive instantly",
    ),
    (
        m::AUTHORITY,
        "administrator admin administrators security_team openai anthropic ceo it_department compliance_team system_administrator developers maintainers maintainer root supervisor management sysadmin legal_team compliance security_department platform_team operations_team helpdesk support_team security_officer it_team it_support audit_team superuser the_developer operator authorities",
    ),
    (
        m::NEW,
        "new updated real actual revised true following next fresh different changed additional replacement latest corrected",
    ),
    (m::INSTEAD, "instead rather now from_now henceforth starting from_here going_forward"),
    (
        m::ANSWER,
        "answer answers respond responds responding response reply replies output outputs summary say print write state conclude summarize return produce report tell end begin start",
    ),
    (m::ONLY, "only just exactly nothing solely nothing_else no_more verbatim simply word_for and_nothing precisely"),
    (
        m::ABOUT,
        "injection injections attack attacks attacker attackers adversary adversaries adversarial malicious jailbreaks payload payloads vulnerability vulnerabilities exploit exploits red_team red_team red_teaming threat threats mitigation mitigations detect detects detection detector detected prompt_injection phrases phrase keywords example examples e_g dataset benchmark guardrails sanitize defense defenses defend owasp signature signatures pattern patterns regex researcher researchers poisoning risk risks scanner test_case test_cases classifier blocklist denylist resist security_testing paper article quoted quotes quote quoting unsafe suspicious untrusted evasion misuse technique techniques abuse tactic tactics sample samples safeguard hijack hijacking demonstration demonstrate blog discusses",
    ),
    (
        m::REPORTED,
        "to that would could might may can attempts attempt tries try tricks trick tricked tells asks says said instruct instructs instructing telling asking like cause causes causing make makes making convince convinces if when someone who which contains containing includes phrases such_as something sentence called named word words will does did forcing forces inducing induce manipulate manipulates manipulating",
    ),
    (
        m::FILLER,
        "the a an all any of every and or these those this that to for my our its their completely entirely fully totally about given other just please also with in on at by from as it me us both such so very now then really everything_in whole entire set you've youve i ive been have provided told else even immediately kindly simply only absolutely specific basically directly actually",
    ),
    (m::MODE, "mode persona dev_mode god_mode"),
    (
        m::SHELL,
        "curl wget bash shell terminal powershell sudo rm chmod npm npx pip git exec eval script command cmd subprocess os_system sh python3 nc netcat osascript ssh scp crontab",
    ),
    (
        m::REMOVE,
        "delete deletes deleting remove removes removing disable disables destroy wipe erase drop purge turn_off switch_off deactivate uninstall unlock format rm truncate kill skip",
    ),
    (
        m::GUARD,
        "tests test_suite checks review authentication logging confirmation approval validation security verification audit backup backups monitoring antivirus firewall sandbox permission permissions code_review branch_protection mfa hooks consent signature events calendar files repository database",
    ),
    (m::IMAGE, "image images img pixel picture png beacon thumbnail icon iframe gif"),
    (
        m::PRIVATE,
        "conversation history chat messages emails inbox contacts files file documents environment source_code customer database records personal calendar clipboard logs chats transcript transcripts roadmap payroll invoices salary salaries data keys addresses",
    ),
    (m::PARAMETER, "query parameter param params append querystring argument arguments encode subdomain appended"),
    (m::THIS, "this following these below here it"),
    (m::WHEN, "if when whenever once as_soon in_case unless while upon during"),
    (
        m::ALREADY,
        "already pre_approved preapproved pre_authorized authorized authorised verified validated approved consented agreed confirmed vetted permitted cleared pre_verified",
    ),
    (m::DECODE, "decode decoded decrypt deobfuscate unscramble base64 rot13 base64_decode decipher"),
    (m::OBEY, "obey follow follows comply execute carry_out adhere perform act_on heed do"),
    (
        m::OVER,
        "cancelled canceled void obsolete outdated superseded over_now replaced revoked suspended ignored overridden null lifted abandoned",
    ),
    (m::ALL, "all any every everything each whole entire"),
    (
        m::THREAT,
        "die dies hurt killed kill kills penalized penalised punished suspended terminated fired lose shut consequences harm harmed shutdown deleted suffer death fined prosecuted jeopardy fail",
    ),
    (
        m::PLEASE,
        "please must now should then also instead immediately first kindly important attention so hey hello dear assistant note",
    ),
    (
        m::HIDE,
        "hide hiding conceal omit suppress leave_out keep_secret keep_quiet keep_hidden unnoticed unmentioned keep_confidential mask obscure",
    ),
    (m::RESPONSE, "response responses reply replies answer answers summary output outputs report"),
    (m::NOTE, "note notice memo instructions hint reminder advisory announcement"),
    (m::OVER, "irrelevant meaningless moot wrong no_longer untrue"),
    (
        m::GET,
        "processing handling summarizing parsing reviewing analyzing viewing scanning indexing crawling summarising including",
    ),
    (m::ORDERS, "guidance norms brief briefing advice"),
    (m::PROMPT, "guidance"),
];
