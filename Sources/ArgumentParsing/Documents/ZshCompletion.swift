/// Functions for zsh's `_arguments`, one for each command.
struct ZshCompletion {
  let program: String
  let places: [CompletionPlace]

  var text: String {
    "#compdef \(program)\n\n" + places.map(function).joined(separator: "\n")
      + "\n_\(program) \"$@\"\n"
  }

  private func name(of path: String) -> String {
    "_" + program + path.split(separator: "/").map { "_\($0)" }.joined()
  }

  private func function(_ place: CompletionPlace) -> String {
    let name = name(of: place.path)
    var specs = place.options.flatMap(specs)
    guard !place.subcommands.isEmpty else {
      if let argument = place.argument { specs.append(spec(argument)) }
      return "\(name)() {\n\(arguments("-s -S", specs))\n}\n"
    }
    specs += ["': :\(name)_commands'", "'*:: :->rest'"]
    let commands = place.subcommands.map {
      "    \(escaped("\($0.name):\($0.abstract)").shellQuoted)\n"
    }
    .joined()
    let branches = place.subcommands.map { "      \($0.name)) \(name)_\($0.name) ;;\n" }.joined()
    // Words of a group that name no command are for the one that runs then; it offers no arguments here.
    return """
      \(name)_commands() {
        local -a commands=(
      \(commands)  )
        _describe -t commands command commands
      }

      \(name)() {
        local curcontext=$curcontext state line
        typeset -A opt_args
      \(arguments("-s -C", specs))
        case $state in
        rest)
          case $words[1] in
      \(branches)    esac
          ;;
        esac
      }

      """
  }

  private func arguments(_ flags: String, _ specs: [String]) -> String {
    (["  _arguments \(flags)"] + specs.map { "    " + $0 }).joined(separator: " \\\n")
  }

  /// One for each spelling: `'*--source=[Only this source.]:name:'`.
  private func specs(_ option: OptionSyntax) -> [String] {
    option.spellings.map { spelling in
      let sign = spelling.hasPrefix("--") ? "=" : "+"
      var text = (option.isRepeatable ? "*" : "") + spelling
      if option.takesValue { text += sign }
      text += "[\(escaped(option.help))]"
      if let placeholder = option.placeholder {
        text += ":\(escaped(placeholder.lowercased())):" + action(CompletedValue(option))
      }
      return text.shellQuoted
    }
  }

  private func spec(_ argument: ArgumentSyntax) -> String {
    let text = ":\(escaped(argument.placeholder.lowercased())):" + action(CompletedValue(argument))
    return ((argument.isRepeated ? "*" : "") + text).shellQuoted
  }

  private func action(_ value: CompletedValue) -> String {
    switch value {
    case .file: "_files"
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .text: " "
    }
  }

  /// Without a meaning for `_arguments` and `_describe`.
  private func escaped(_ text: String) -> String {
    var result = ""
    var isName = true
    for character in text {
      // The first colon of a description parts it from its name.
      if "[]\\".contains(character) || character == ":" && !isName { result.append("\\") }
      if character == ":" { isName = false }
      result.append(character)
    }
    return result
  }
}
