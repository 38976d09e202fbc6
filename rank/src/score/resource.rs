//! What a service takes, and when of that enough changed to matter.

use names::Role;
use stats::GROWN;

/// Deviation above which a cause goes before the symptoms of its service.
const CAUSE: f64 = 5.0;

/// Share of its limit in use above which a resource is near it.
const NEAR: f64 = 0.9;

/// True for what a service takes itself, a resource or a queue, not what its callers see of it: that can be compared between
/// services in its own unit.
pub fn is_taken(role: Role) -> bool {
    !matches!(role, Role::Symptom | Role::Driver)
}

/// True for a resource that may have run out: it deviates clearly, and grew enough to matter; or it grew until it came near
/// its limit, however far it strayed before: what has a limit cannot deviate further.
pub fn ran_out(role: Role, harm: f64, size: f64, used: Option<(f64, f64)>) -> bool {
    let came_near = used.is_some_and(|(before, now)| before < NEAR && now >= NEAR);
    let filled = came_near && size >= GROWN && is_taken(role);
    filled || is_resource(role) && grew(role, size, used) && harm > CAUSE
}

/// True for a change that is large enough to matter: by a twentieth, and of a resource with a limit by a twentieth of that
/// or until it is near it.
pub fn grew(role: Role, size: f64, used: Option<(f64, f64)>) -> bool {
    match used.filter(|_| is_resource(role)) {
        Some((before, now)) => now >= NEAR || size >= GROWN && now - before >= GROWN,
        None => size >= GROWN,
    }
}

fn is_resource(role: Role) -> bool {
    matches!(role, Role::Cause | Role::Saturation)
}
