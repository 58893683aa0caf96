import Querying
import SQLite

/// What a person may have meant who found nothing; told on standard error.
enum NothingFound {
  /// That no source is named so; nil when one is, or when none was asked for.
  static func source(_ names: [String], _ db: borrowing Connection) throws -> Failure? {
    guard let name = names.first, try sources(names, db).isEmpty else { return nil }
    var hint = "nothing has been ingested yet"
    let known = try sources([], db)
    let pattern = "*\(name)*"
    if !name.isEmpty, try !sources([pattern], db).isEmpty {
      hint = "did you mean '\(pattern)'?"
    } else if !known.isEmpty {
      let rest = known.count > 3 ? " and \(known.count - 3) more; see 'logbook status'" : ""
      hint = "there is " + known.prefix(3).joined(separator: ", ") + rest
    }
    return Failure("no source matches '\(name)'", hint: hint, status: .negative)
  }

  private static func sources(_ names: [String], _ db: borrowing Connection) throws -> [String] {
    var statement = try db.prepare(SearchQuery.sourceNamesSQL(names))
    var found: [String] = []
    while try statement.step() { found.append(statement.text(0)) }
    return found
  }

  /// How the first word of the form `name=value` is written to ask for a field.
  static func field(in words: [String]) -> String? {
    for word in words.joined(separator: " ").split(separator: " ") {
      let parts = word.drop { $0 == "-" || $0 == "(" }.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !parts[1].hasPrefix("="), let first = parts[0].first,
        first.isLetter || first == "_" || first == "@",
        parts[0].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_@.-".contains($0)) })
      else { continue }
      return "\(parts[0]):\(parts[1])"
    }
    return nil
  }
}
