//! What a shell runs when the completion key is pressed: it asks the program.

use clap::Command;

/// The script of one shell for a command; nothing for a shell that is not known.
///
/// What stands behind `strain` and a filter's name is asked of that filter.
pub(crate) fn script(shell: &str, mut command: Command) -> Option<String> {
    command.build();
    let (template, delegate) = match shell {
        "complete-bash" => (BASH, BASH_DELEGATE),
        "complete-zsh" => (ZSH, ZSH_DELEGATE),
        "complete-fish" => (FISH, FISH_DELEGATE),
        _ => return None,
    };
    let own: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let separator = if shell == "complete-fish" { " " } else { "|" };
    let delegate = if command.is_allow_external_subcommands_set() { delegate } else { "" };
    let text = template.replace("DELEGATE\n", delegate).replace("OWN", &own.join(separator));
    let name = command.get_name();
    Some(text.replace("FUNCTION", &format!("_{}", name.replace('-', "_"))).replace("NAME", name))
}

const BASH: &str = r#"FUNCTION() {
    local line=${COMP_LINE:0:COMP_POINT} program=("$1")
DELEGATE
    mapfile -t COMPREPLY < <("${program[@]}" --generate candidates-bash "$line" "${COMP_LINE:COMP_POINT}" "$COMP_WORDBREAKS" 2> /dev/null)
}
complete -o bashdefault -o default -F FUNCTION NAME
"#;

const BASH_DELEGATE: &str = r#"    if ((COMP_CWORD > 1)); then
        case ${COMP_WORDS[1]} in
        OWN|-*) ;;
        *) program+=("${COMP_WORDS[1]}") line=${line#*[[:space:]]} ;;
        esac
    fi
"#;

const ZSH: &str = r#"#compdef NAME
FUNCTION() {
    local -a program given values shown
    local -i at=CURRENT
    local value help
    given=("${(@Q)words}")
    given[CURRENT]=${(Q)PREFIX}
    program=("$given[1]")
DELEGATE
    while IFS=$'\t' read -r value help; do
        values+=("$value")
        shown+=("$value${help:+  -- $help}")
    done < <("${(@)program}" --generate candidates $((at - 1)) "${(@)given[2,-1]}" 2> /dev/null)
    if (($#values)); then compadd -l -d shown -a values; else _files; fi
}
if [ "$funcstack[1]" = "FUNCTION" ]; then FUNCTION "$@"; else compdef FUNCTION NAME; fi
"#;

const ZSH_DELEGATE: &str = r#"    if ((CURRENT > 2)) && [[ $given[2] != (OWN|-*) ]]; then
        program+=("$given[2]")
        given=("${(@)given[2,-1]}")
        ((at -= 1))
    fi
"#;

const FISH: &str = r#"function FUNCTION_candidates
    set -l given (commandline -opc)
    set -l all (commandline -op)
    set -l program $given[1]
DELEGATE
    set -l found ($program --generate candidates (count $given) $given[2..-1] (commandline -ct | string collect --allow-empty) $all[2..-1] 2> /dev/null)
    if count $found > /dev/null
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command NAME --no-files --arguments '(FUNCTION_candidates)'
"#;

const FISH_DELEGATE: &str = r#"    if test (count $given) -gt 1; and not contains -- $given[2] OWN; and not string match --quiet -- '-*' $given[2]
        set --append program $given[2]
        set --erase given[1]
    end
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_behind_strain_is_asked_itself() {
        let whole = Command::new("strain").subcommand(Command::new("show")).allow_external_subcommands(true);
        let shells = [
            ("bash", "show|help|-*)", "COMP_CWORD > 1"),
            ("zsh", "(show|help|-*)", "CURRENT > 2"),
            ("fish", "show help;", "not contains"),
        ];
        for (shell, own, delegates) in shells {
            let shell = format!("complete-{shell}");
            let (whole, filter) =
                (script(&shell, whole.clone()).unwrap(), script(&shell, Command::new("pca")).unwrap());
            assert!(whole.contains(own) && whole.contains(delegates), "{whole}");
            assert!(!filter.contains(delegates), "{filter}");
        }
        assert_eq!(script("complete-sh", Command::new("rank")), None);
    }
}
