// SPDX-License-Identifier: Apache-2.0
#include "completion.hpp"

#include <array>
#include <memory>

#include <unistd.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/report/output.hpp>

#include "commands.hpp"
#include "context.hpp"

namespace blongo::app {
namespace {

constexpr const char* bash_script = R"sh(# SPDX-License-Identifier: Apache-2.0
# Completion of blongo for bash; made by: blongo completion bash
_blongo() {
  local -a words=()
  local i raw glued='' cur before word
  for ((i = 1; i <= COMP_CWORD; ++i)); do
    raw=${COMP_WORDS[i]}
    # bash parts words at = and at :
    if ((${#words[@]})) && [[ -n $glued || $raw == [=:]* ]]; then
      words[-1]+=$raw
    else
      words+=("$raw")
    fi
    glued=''
    [[ $raw != *[=:] ]] || glued=yes
  done
  cur=${words[-1]-}
  before=${cur%"${cur##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    case $word in
      :files)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "${cur#"$before"}")
        ;;
      :folders)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "${cur#"$before"}")
        ;;
      *) COMPREPLY+=("${word#"$before"}") ;;
    esac
  done < <("$1" completion words -- "${words[@]}" 2>/dev/null)
}
complete -F _blongo blongo
)sh";

constexpr const char* zsh_script = R"sh(#compdef blongo
# SPDX-License-Identifier: Apache-2.0
# Completion of blongo for zsh; made by: blongo completion zsh
_blongo() {
  local -a given described
  local line word
  given=("${(@)words[2,CURRENT]}")
  for line in "${(@f)$("${words[1]}" completion words -- "${(@Q)given}" 2>/dev/null)}"; do
    word=${line%%$'\t'*}
    case $word in
      '') ;;
      :files) compset -P '*='; _files ;;
      :folders) compset -P '*='; _files -/ ;;
      *) described+=("${word//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  (( ! ${#described} )) || _describe -o blongo described
}
if [[ ${funcstack[1]} == _blongo ]]; then
  _blongo "$@"
else
  compdef _blongo blongo
fi
)sh";

constexpr const char* fish_script = R"sh(# SPDX-License-Identifier: Apache-2.0
# Completion of blongo for fish; made by: blongo completion fish
function __blongo_words
    set -l given (commandline -opc)
    set -l program $given[1]
    set -e given[1]
    set -l current (commandline -ct)
    for line in (command $program completion words -- $given "$current[1]" 2>/dev/null)
        switch $line
            case ':files*'
                __fish_complete_path (string replace -r '^--[a-z-]+=' '' -- "$current[1]")
            case ':folders*'
                __fish_complete_directories (string replace -r '^--[a-z-]+=' '' -- "$current[1]")
            case '*'
                echo $line
        end
    end
end
complete -c blongo -f -a '(__blongo_words)'
)sh";

struct Shell {
    const char* name;
    const char* script;
    const char* load;
};

constexpr std::array shells = {
    Shell{"bash", bash_script, "Try it in this shell: source <(blongo completion bash)"},
    Shell{"zsh", zsh_script, "Try it in this shell, after compinit: source <(blongo completion zsh)"},
    Shell{"fish", fish_script, "Try it in this shell: blongo completion fish | source"},
};

/// Shells read tabs, which text for people does not hold.
int write_words(const Context& context, const std::vector<Candidate>& candidates) {
    std::string out;
    for (const Candidate& candidate : candidates)
        out += report::printable(candidate.word) + '\t' + report::printable(candidate.meaning) + '\n';
    const auto written = write(context.process().out_fd, out.data(), out.size());
    return written == static_cast<ssize_t>(out.size()) ? report::done : report::failed;
}

/// The line's own -c, -C and --state count here, as they would for the command itself.
int run_words(const Context& context, const Command& root, const std::vector<std::string>& words) {
    const Place place = place_of(root, words);
    std::vector<Candidate> candidates = words_of_the_tree(place);
    Common common = context.common();
    common.quiet = true;
    if (!place.config.empty()) common.config = place.config.back();
    if (!place.state.empty()) common.state = place.state.back();
    Context own(context.process(), common);
    const std::vector<Candidate> values = values_of(place, own);
    candidates.insert(candidates.end(), values.begin(), values.end());
    return write_words(context, candidates);
}

} // namespace

std::string completion_script(std::string_view shell) {
    for (const Shell& each : shells)
        if (shell == each.name) return each.script;
    return {};
}

void add_completion(Command& root) {
    Command& completion = root.group("completion", "Complete commands, options and names with Tab");
    completion.details("The package and cmake --install put the scripts where the shells look for them.");
    for (const Shell& shell : shells)
        completion
            .command(shell.name, std::string("Print the completion script for ") + shell.name, everywhere,
                     [&shell](Context& context) {
                         context.print(shell.script);
                         return report::done;
                     })
            .details(shell.load);

    auto words = std::make_shared<std::vector<std::string>>();
    Option word{"WORD", "WORD", "the words after blongo; the last one is completed",
                [words](const std::vector<std::string>& values) -> std::optional<std::string> {
                    *words = values;
                    return {};
                }};
    word.repeatable = true;
    completion
        .command("words", "Print what may stand in the place of the last word, a line each", everywhere,
                 [words, &root](Context& context) { return run_words(context, root, *words); })
        .add(std::move(word))
        .details("What the scripts call: blongo completion words -- WORD... Names come from the configuration and "
                 "from the state on this machine; no request is made.");
}

} // namespace blongo::app
