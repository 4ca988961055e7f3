//! Secrets: one rule a kind, by how it begins and what follows. Lengths and alphabets are those that the issuers document
//! or issue; where an issuer says "may grow", only the least length is held.

mod assigned;
mod authorization;
pub(crate) mod check;
mod key_block;
mod structured;
mod url;

use crate::bytes::{alnum, base64, base64url, capital, hex, word};
use crate::rule::{Look, Rule, Token};
use bailiwick_vocab::finding::Strength;

/// How a redacted secret begins. No rule takes such a text for a secret.
pub(crate) const REDACTED: &str = "[redacted ";

const ANY: usize = usize::MAX;

/// A rule for a secret that is a beginning and a run. `apart`: not within a word, for beginnings that words may contain.
const fn token(
    id: &'static str,
    means: &'static str,
    starts: &'static [&'static str],
    class: fn(u8) -> bool,
    lengths: (usize, usize),
    apart: bool,
) -> Rule {
    Rule {
        id,
        means,
        strength: Strength::Strong,
        starts,
        any_case: false,
        look: Look::Token(Token { class, min: lengths.0, max: lengths.1, apart }),
    }
}

/// Every rule. Where several match at one place the first does: the more exact stand first.
pub(crate) static RULES: [Rule; 52] = [
    token("secret/aws-access-key", "an AWS access key id", &["AKIA", "ASIA", "ABIA", "ACCA"], capital, (16, 16), true),
    token("secret/github-token", "a GitHub token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], alnum, (36, ANY), false),
    token("secret/github-fine-grained", "a fine-grained GitHub token", &["github_pat_"], word, (40, ANY), false),
    token(
        "secret/gitlab-token",
        "a GitLab token",
        &["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glsoat-", "gloas-", "glimt-", "glagent-"],
        base64url,
        (20, ANY),
        false,
    ),
    token(
        "secret/slack-token",
        "a Slack token",
        &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xapp-"],
        slack,
        (20, ANY),
        false,
    ),
    token("secret/slack-webhook", "a Slack webhook address", &["hooks.slack.com/services/T"], slashed, (30, ANY), false),
    token(
        "secret/stripe-key",
        "a Stripe key",
        &["sk_live_", "rk_live_", "sk_test_", "rk_test_", "whsec_"],
        alnum,
        (16, ANY),
        false,
    ),
    token("secret/anthropic-key", "an Anthropic API key", &["sk-ant-"], base64url, (30, ANY), false),
    token("secret/openai-key", "an OpenAI API key", &["sk-proj-", "sk-svcacct-", "sk-admin-"], base64url, (32, ANY), false),
    token("secret/openrouter-key", "an OpenRouter API key", &["sk-or-v1-"], hex, (64, 64), false),
    token("secret/api-key", "an API key of the kind that begins with sk-", &["sk-"], alnum, (32, 64), true),
    token("secret/google-api-key", "a Google API key", &["AIza"], base64url, (35, 35), true),
    token("secret/google-oauth", "a Google OAuth token or client secret", &["ya29.", "GOCSPX-"], base64url, (28, ANY), false),
    token("secret/npm-token", "an npm token", &["npm_"], alnum, (36, 36), true),
    token("secret/pypi-token", "a PyPI token", &["pypi-AgE"], base64url, (50, ANY), false),
    token("secret/crates-io-token", "a crates.io token", &["cio"], alnum, (32, 32), true),
    token("secret/huggingface-token", "a Hugging Face token", &["hf_"], alnum, (30, 40), true),
    token("secret/digitalocean-token", "a DigitalOcean token", &["dop_v1_", "doo_v1_", "dor_v1_"], hex, (64, 64), false),
    token("secret/shopify-token", "a Shopify token", &["shpat_", "shpss_", "shppa_", "shpca_"], hex, (32, 32), false),
    token("secret/docker-token", "a Docker Hub token", &["dckr_pat_", "dckr_oat_"], base64url, (24, ANY), false),
    token("secret/databricks-token", "a Databricks token", &["dapi"], hex, (32, 32), true),
    token("secret/linear-key", "a Linear API key", &["lin_api_"], alnum, (32, ANY), false),
    token("secret/vault-token", "a HashiCorp Vault token", &["hvs.", "hvb."], base64url, (24, ANY), true),
    token("secret/age-key", "an age secret key", &["AGE-SECRET-KEY-1"], capital, (58, 58), false),
    token("secret/sentry-token", "a Sentry token", &["sntryu_", "sntrys_"], base64url, (60, ANY), false),
    token("secret/grafana-token", "a Grafana token", &["glsa_", "glc_eyJ"], word, (32, ANY), false),
    token("secret/rubygems-token", "a RubyGems token", &["rubygems_"], hex, (48, 48), false),
    token(
        "secret/planetscale-token",
        "a PlanetScale token or password",
        &["pscale_tkn_", "pscale_oauth_", "pscale_pw_"],
        base64url,
        (32, ANY),
        false,
    ),
    token("secret/pulumi-token", "a Pulumi token", &["pul-"], hex, (40, 40), true),
    token("secret/postman-key", "a Postman key", &["PMAK-"], base64url, (50, ANY), true),
    token("secret/terraform-token", "a Terraform Cloud token", &[".atlasv1."], base64url, (60, ANY), false),
    token("secret/facebook-token", "a Facebook access token", &["EAA"], alnum, (80, ANY), true),
    token("secret/artifactory-key", "an Artifactory key", &["AKCp"], alnum, (69, 69), true),
    token(
        "secret/model-provider-key",
        "a key of a provider of models or hosting",
        &["gsk_", "pplx-", "xai-", "r8_", "sgp_", "ntn_", "api_org_", "HRKU-AA", "CLOJARS_"],
        base64url,
        (34, ANY),
        true,
    ),
    token("secret/sonar-token", "a SonarQube token", &["squ_", "sqp_", "sqa_"], hex, (40, 40), true),
    token("secret/mail-provider-key", "a key of a provider of mail", &["xkeysib-", "key-"], hex, (32, ANY), true),
    token("secret/square-token", "a Square token", &["sq0atp-", "sq0csp-"], base64url, (22, ANY), false),
    token("secret/shippo-token", "a Shippo token", &["shippo_live_", "shippo_test_"], hex, (40, 40), false),
    token("secret/aws-bedrock-key", "an Amazon Bedrock key", &["ABSKQmVkcm9ja"], base64, (90, ANY), false),
    token(
        "secret/teams-webhook",
        "a Microsoft Teams webhook address",
        &["webhook.office.com/webhookb2/"],
        webhook,
        (60, ANY),
        false,
    ),
    token(
        "secret/discord-webhook",
        "a Discord webhook address",
        &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
        webhook,
        (70, ANY),
        false,
    ),
    token("secret/doppler-token", "a Doppler token", &["dp.pt.", "dp.st.", "dp.ct.", "dp.sa."], doppler, (40, ANY), true),
    with("secret/sendgrid-key", "a SendGrid API key", &["SG."], false, structured::sendgrid),
    with("secret/jwt", "a signed JSON web token", &["eyJ"], false, structured::jwt),
    with("secret/private-key", "a private key", &["-----BEGIN "], false, key_block::look),
    with("secret/url-password", "a password in an address", &["://"], false, url::look),
    with("secret/authorization", "a value of an Authorization header", &["authorization"], true, authorization::header),
    with("secret/bearer-token", "a bearer token", &["bearer "], true, authorization::bearer),
    with(
        "secret/assigned-password",
        "a password given to a name",
        &["password", "passwd", "passphrase", "pwd"],
        true,
        assigned::password,
    ),
    with("secret/assigned-secret", "a secret given to a name", &["secret"], true, assigned::secret),
    with("secret/assigned-token", "a token given to a name", &["token"], true, assigned::token),
    with("secret/assigned-key", "a key given to a name", &["key"], true, assigned::key),
];

const fn with(
    id: &'static str,
    means: &'static str,
    starts: &'static [&'static str],
    any_case: bool,
    look: fn(&crate::rule::Place<'_>) -> Option<(usize, usize)>,
) -> Rule {
    Rule { id, means, strength: Strength::Strong, starts, any_case, look: Look::With(look) }
}

fn slack(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn webhook(byte: u8) -> bool {
    base64url(byte) || matches!(byte, b'/' | b'@')
}

fn doppler(byte: u8) -> bool {
    base64url(byte) || byte == b'.'
}

fn slashed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'/'
}

/// Whether a kind of secret with a beginning of its own stands at `at`: it names it better than what surrounds it.
fn is_exact(text: &[u8], at: usize) -> bool {
    RULES.iter().filter(|rule| !rule.any_case).any(|rule| crate::find::look(rule, text, at, at).is_some())
}

/// Whether a value only stands for one: a variable, an example, a redacted secret.
fn is_placeholder(value: &[u8]) -> bool {
    const INSIDE: [&[u8]; 14] = [
        b"${",
        b"{{",
        b"$(",
        b"<",
        b"...",
        b"***",
        b"xxxx",
        b"your",
        b"example",
        b"changeme",
        b"change_me",
        b"placeholder",
        b"redacted",
        b"dummy",
    ];
    let lower = value.to_ascii_lowercase();
    lower.starts_with(b"$") || lower.starts_with(b"%") || INSIDE.iter().any(|part| contains(&lower, part))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
