//! Names that Kubernetes makes for pods, and what they are made of.

/// Letters and digits of Kubernetes' random names since 1.8 (kubernetes#50070); before it they had 0, 1 and 3 too.
const RANDOM: &str = "bcdfghjklmnpqrstvwxz2456789";

/// True for a pod that has a number, not a hash: it outlasts a restart.
pub(crate) fn is_ordinal(pod: &str) -> bool {
    without(pod, is_short_number).is_some()
}

/// A pod, or a ReplicaSet, without what Kubernetes added to the name of its workload, and no more than that:
/// - StatefulSet: `<workload>-<number>`;
/// - DaemonSet, Job, ReplicaSet or ReplicationController of its own: `<workload>-<5 random>`;
/// - Deployment: `<workload>-<hash>-<5 random>`, the hash of its template a number of 32 bits, in letters of random names since
///   Kubernetes 1.8 (kubernetes#51538), in digits before;
/// - CronJob: `<workload>-<time>-<5 random>`, in minutes since Kubernetes 1.21, in seconds before;
/// - a Job with indices, since Kubernetes 1.21, and OpenShift's DeploymentConfig: `<workload>-<number>-<5 random>`.
///
/// Without a hash before it the random part must be of today's letters, lest a last word is taken for one.
pub(crate) fn base_of_pod(pod: &str) -> String {
    let of_deployment = || without(pod, is_any_five).and_then(|set| without(set, is_hash));
    let of_set = || {
        let set = without(pod, |last| is_any_five(last) && is_random(last))?;
        without(set, is_short_number).or(Some(set))
    };
    let base = without(pod, is_short_number).or_else(of_deployment).or_else(of_set);
    base.or_else(|| without(pod, is_hash)).unwrap_or(pod).to_string()
}

/// A name without its last part, where that was added.
pub(super) fn without(name: &str, is_added: fn(&str) -> bool) -> Option<&str> {
    name.rsplit_once('-').filter(|(base, last)| !base.is_empty() && is_added(last)).map(|(base, _)| base)
}

pub(super) fn is_short_number(text: &str) -> bool {
    text.len() <= 3 && is_number(text)
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_random(text: &str) -> bool {
    text.chars().all(|c| RANDOM.contains(c))
}

fn is_any_five(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// A hash, or a time: of 1,000 numbers of 32 bits 998 have eight digits or more.
fn is_hash(text: &str) -> bool {
    (8..=10).contains(&text.len()) && (is_random(text) || is_number(text) || is_made_up(text))
}

/// A hash as documents and anonymised recordings write it: consonants or hexadecimal letters, with two numbers among them.
fn is_made_up(text: &str) -> bool {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).count();
    let all = |letters: &str| text.chars().all(|c| c.is_ascii_digit() || letters.contains(c));
    numbers > 1 && (all("bcdfghjklmnpqrstvwxz") || all("abcdef"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_lose_what_kubernetes_added_and_no_more() {
        for (pod, workload) in [
            ("ts-order-service-5f6d9c7b8-x2k9p", "ts-order-service"),
            ("carts-7d9f8bcd54-bcdfg", "carts"),
            ("carts-5f6d9c7b8-q8w9e", "carts"),
            ("carts-5f6d9c7b8", "carts"),
            ("carts-3012345678-x0k1p", "carts"),
            ("carts-db-0", "carts-db"),
            ("front-end", "front-end"),
            ("node-exporter-zx8kq", "node-exporter"),
            ("kafka-broker1-5f6d9c7b8-x2k9p", "kafka-broker1"),
            ("shop-v2api-7d9f8bcd54-bcdfg", "shop-v2api"),
            ("web-h2proxy-zx8kq", "web-h2proxy"),
            ("web-h2proxy-0", "web-h2proxy"),
            ("kafka-broker1", "kafka-broker1"),
            ("shop-7d9f8bcd54-5f6d9c7b8-x2k9p", "shop-7d9f8bcd54"),
            ("carts-7f8b9c6d5e-abc12", "carts"),
            ("carts-0164dx98f2-wgrnl", "carts"),
            ("shop-service12-x2k9p", "shop-service12"),
            ("store-feed2020-x2k9p", "store-feed2020"),
            ("backup-28561440-x2k9p", "backup"),
            ("backup-1713686400-x2k9p", "backup"),
            ("carts-2-x2k9p", "carts"),
            ("carts-2-5f6d9c7b8-x2k9p", "carts-2"),
            ("x2k9p", "x2k9p"),
            ("-x2k9p", "-x2k9p"),
            ("", ""),
        ] {
            assert_eq!(base_of_pod(pod), workload, "{pod}");
        }
    }
}
