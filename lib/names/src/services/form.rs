//! How the value of a label names a service.

use super::cgroup::cgroup;
use super::container::service_of_swarm;
use super::pod::{base_of_pod, is_number};

/// How a label's value names a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Kind,
    Workload,
    Claim,
    Provider,
    Container,
    Swarm,
    Pod,
    Cgroup,
    Job,
    Host,
    Unit,
    Cluster,
    Route,
    Grpc,
    Interface,
    Elb,
}

impl Form {
    /// The form of this name in a table.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "plain" => Form::Plain,
            "kind" => Form::Kind,
            "workload" => Form::Workload,
            "claim" => Form::Claim,
            "provider" => Form::Provider,
            "container" => Form::Container,
            "swarm" => Form::Swarm,
            "pod" => Form::Pod,
            "cgroup" => Form::Cgroup,
            "job" => Form::Job,
            "host" => Form::Host,
            "unit" => Form::Unit,
            "cluster" => Form::Cluster,
            "route" => Form::Route,
            "grpc" => Form::Grpc,
            "interface" => Form::Interface,
            "elb" => Form::Elb,
            _ => return None,
        })
    }
}

/// Whose a series is by one of its labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    /// A service.
    Service(String),
    /// A container, whose service its name tells together with those of others.
    Container(String),
    /// Where a proxy sends requests to, by a name made of a namespace, a service and a port, of which the other services tell the service.
    Route(String),
    /// Who serves an interface of gRPC, which the one who serves it tells.
    Interface(String),
    /// All containers together: the machine.
    Machine,
    /// Not said.
    Nobody,
}

impl Owner {
    /// The container's name, where the service is still to be found.
    pub(crate) fn container(&self) -> Option<&str> {
        match self {
            Owner::Container(name) => Some(name),
            _ => None,
        }
    }

    /// The name, where there is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Owner::Service(name) | Owner::Container(name) | Owner::Route(name) | Owner::Interface(name) => Some(name),
            Owner::Machine | Owner::Nobody => None,
        }
    }
}

/// A label's value as a service: an instance without its port (unless ports tell instances apart),
/// a pod without its hashes, a container of an engine as it is called.
pub(super) fn owner_of(form: Form, value: &str, ports: bool) -> Owner {
    let service = |text: &str| Owner::Service(text.to_string());
    match form {
        Form::Interface if is_interface(value) => Owner::Interface(value.to_string()),
        Form::Interface => Owner::Nobody,
        Form::Grpc if is_interface(value) => Owner::Nobody,
        Form::Plain | Form::Kind | Form::Workload | Form::Grpc => service(value),
        // Most providers compose the names of what they find.
        Form::Provider => match value.split_once('@') {
            Some((name, _)) => Owner::Route(name.to_string()),
            None => service(value),
        },
        Form::Route => Owner::Route(of_ingress(value).to_string()),
        // `<template>-<pod>` of a StatefulSet.
        Form::Claim => Owner::Route(base_of_pod(value)),
        Form::Container => Owner::Container(value.trim_start_matches('/').to_string()),
        Form::Swarm => service(service_of_swarm(value)),
        Form::Pod => service(&base_of_pod(value)),
        Form::Cgroup => cgroup(value),
        Form::Job => service(value.rsplit('/').find(|part| !part.is_empty()).unwrap_or(value)),
        // `app/<load balancer>/<id>` and `targetgroup/<group>/<id>` of AWS.
        Form::Elb => service(value.split('/').nth(1).unwrap_or(value)),
        Form::Host if ports && !is_url(value) => service(value),
        Form::Host if ports && authority(value).contains(':') => service(authority(value)),
        Form::Host => service(host(value)),
        // An instance of a template, `carts@1`, is of it.
        Form::Unit => {
            value.strip_suffix(".service").map_or(Owner::Nobody, |unit| service(unit.split('@').next().unwrap_or(unit)))
        }
        // Istio's `outbound|80||carts.shop.svc.cluster.local`; one that comes in has no host.
        Form::Cluster => match value.rsplit_once('|') {
            Some((_, "")) => Owner::Nobody,
            Some((_, name)) => service(host(name)),
            None => Owner::Route(value.to_string()),
        },
    }
}

/// True for an interface by the style guide of Protocol Buffers, `package.Interface` or `Interface` alone: a name of DNS
/// has neither dots nor capitals.
fn is_interface(value: &str) -> bool {
    value.contains(|letter: char| letter == '.' || letter.is_uppercase())
}

/// `namespace.service.port` of Kong's ingress controller: the service; any other name as it is.
fn of_ingress(route: &str) -> &str {
    match route.split('.').collect::<Vec<_>>().as_slice() {
        [_, service, port] if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => service,
        _ => route,
    }
}

/// True for an instance at an address that every machine has for itself.
pub(super) fn is_loopback(instance: &str) -> bool {
    let host = host(instance);
    ["localhost", "[::1]", "0.0.0.0", "host.docker.internal"].contains(&host) || host.starts_with("127.")
}

pub(super) fn is_url(instance: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| instance.starts_with(scheme))
}

/// `host:port` of a URL.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// The host of `host:port`, of a URL or of a target of gRPC, `dns://authority/host:port`; of a name of Kubernetes' DNS,
/// `service.namespace.svc`, and of Kong's upstreams, `service.namespace.port.svc`, the service.
pub(super) fn host(instance: &str) -> &str {
    let rest = match instance.split_once("://") {
        Some(("dns" | "xds" | "passthrough", rest)) => rest.split_once('/').map_or(rest, |(_, endpoint)| endpoint),
        Some((_, rest)) => rest,
        None => instance,
    };
    let rest = rest.split('/').next().unwrap_or(rest);
    let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
    let parts: Vec<&str> = host.split('.').collect();
    match parts.iter().position(|part| *part == "svc") {
        Some(at) if at >= 3 && is_number(parts[at - 1]) => parts[at - 3],
        Some(at) if at >= 2 => parts[at - 2],
        _ if host.is_empty() => instance,
        _ => host,
    }
}
