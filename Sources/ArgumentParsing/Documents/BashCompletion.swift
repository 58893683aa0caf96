/// A function that finds the command in the words before the cursor, and offers what may follow it.
///
/// It needs bash 4.3 and no library of completions.
struct BashCompletion {
  let program: String
  let places: [CompletionPlace]

  var text: String {
    let name = "_" + program
    let paths = places.dropFirst().map(\.path).joined(separator: "|")
    let shared = (places.first?.options ?? []).filter(\.takesValue).flatMap(\.spellings)
      .joined(separator: "|")
    return """
      # bash completion for \(program)
      \(name)() {
        local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= word i
        # --option=value is three words.
        if [[ $cur == = ]]; then
          cur=
        elif [[ $prev == = ]]; then
          prev=${COMP_WORDS[COMP_CWORD-2]}
        fi
        for ((i = 1; i < COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          case $word in
          \(shared)) ((i++)) ;;
          *)
            case $path/$word in
            \(paths)) path+=/$word ;;
            esac
            ;;
          esac
        done
        local words= files=
        case $path:$prev in
      \(values)  *)
          case $path in
      \(places.map(branch).joined())    esac
          ;;
        esac
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        if [[ $files && $cur != -* ]]; then
          local IFS=$'\\n'
          compopt -o filenames 2>/dev/null
          COMPREPLY+=($(compgen -f -- "$cur"))
        fi
      }
      complete -F \(name) \(program)

      """
  }

  /// A branch for each way to complete a value, with the options whose values are completed so: `*:--db` where
  /// this holds for all commands that have it.
  private var values: String {
    var uses: [(spelling: String, path: String, effect: String)] = []
    for place in places {
      for option in place.options where option.takesValue {
        uses += option.spellings.map { ($0, place.path, effect(of: CompletedValue(option))) }
      }
    }
    let effects = Dictionary(grouping: uses, by: \.spelling).mapValues { Set($0.map(\.effect)) }
    var branches: [(effect: String, patterns: [String])] = []
    for use in uses {
      let isEverywhere = effects[use.spelling]?.count == 1
      let pattern = "\(isEverywhere ? "*" : use.path):\(use.spelling)"
      if let index = branches.firstIndex(where: { $0.effect == use.effect }) {
        if !branches[index].patterns.contains(pattern) { branches[index].patterns.append(pattern) }
      } else {
        branches.append((use.effect, [pattern]))
      }
    }
    return branches.map { "  \($0.patterns.joined(separator: "|"))) \($0.effect) ;;\n" }.joined()
  }

  private func effect(of value: CompletedValue) -> String {
    switch value {
    case .file: "files=1"
    case .words(let words): "words=" + words.joined(separator: " ").shellQuoted
    case .text: ":"
    }
  }

  private func branch(_ place: CompletionPlace) -> String {
    var words = place.subcommands.map(\.name) + place.options.flatMap(\.spellings)
    var files = ""
    switch CompletedValue(place.argument) {
    case .file: files = " files=1"
    case .words(let offered): words += offered
    case .text: break
    }
    return
      "    \(place.path.isEmpty ? "''" : place.path)) words=\(words.joined(separator: " ").shellQuoted)\(files) ;;\n"
  }
}
