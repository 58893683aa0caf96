import ArgumentParsing
import Glibc
import LogModel
import Pricing
import Reporting
import SQLite
import Storage

struct PricesList: ReadingCommand {
  static let name = "list"
  static let abstract = "List what models cost, in dollars a million tokens."
  static let discussion = """
    A price that is not given is that of input, for reasoning that of output. A turn whose prompt is longer \
    than tier_bound has all its tokens billed by the tier's prices. Given a MODEL as a log names it, this \
    shows by which prices its turns are billed: match says how they were found, exact, as an alias, stripped \
    of provider, region, version and date, or as the longest known prefix.
    """
  static let arguments: [Argument<Self>] = [
    .one("MODEL", help: "Only this model, with its former prices.", sets: \.model)
  ]
  static let options: [Option<Self>] =
    [.flag("history", help: "Former prices, too.", sets: \.showsHistory)] + resultOptions
  static let examples = [
    ("logbook prices list eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "is its price known?")
  ]
  var result = ResultOptions()
  var model: String?
  var showsHistory = false

  private static let columns = [
    "model", "provider", "valid_from", "input", "cached", "write_5m", "write_1h", "output",
    "reasoning", "tier_bound", "tier_input", "tier_cached", "tier_write_5m", "tier_write_1h",
    "tier_output", "tier_reasoning", "list",
  ]
  private static let tableColumns = [
    "model", "input", "cached", "write_5m", "write_1h", "output",
  ]

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if result.showsSQL, model == nil { return try show(sql(Self.columns, "")) }
    let store = try store(Workspace(globals))
    var condition = ""
    var match: String?
    if let model {
      let book = PriceBook(
        try store.wrap { db throws(SQLiteError) in try PriceTable().prices(in: db) })
      guard let entry = book.entry(for: model) else {
        throw Failure(
          "no price of '\(model)' is known",
          hint: "logbook prices import FILE takes prices as LiteLLM publishes them",
          status: .negative)
      }
      match = ", '\(entry.match.name)' AS match"
      let ids = entry.prices.map { String($0.id) }.joined(separator: ", ")
      condition = "WHERE id IN (\(ids))"
    }
    let isDated = showsHistory || model != nil
    var columns = result.format == .table ? Self.tableColumns : Self.columns
    if result.format == .table, isDated { columns.insert("valid_from", at: 1) }
    let text = sql(columns, condition, match)
    if result.showsSQL { return try show(text) }
    var writer = ResultWriter(result, precision: .minutes)
    try writer.all(text, store.db)
    return .success
  }

  /// Before the first ingest, the prices by which it will bill.
  private func store(_ workspace: Workspace) throws -> Store {
    let path = workspace.databasePath
    guard !workspace.isDatabaseNamed, unsafe access(path, F_OK) != 0, errno == ENOENT else {
      return try workspace.openForReading()
    }
    StandardError.write("hint: there is no \(path) yet: these are the prices of the binary")
    return try Store.ofBuiltInPrices(now: currentTime())
  }

  /// Without history: of each model the price that holds now.
  private func sql(_ columns: [String], _ condition: String, _ more: String? = nil) -> String {
    let list = columns.joined(separator: ", ") + (more ?? "")
    guard condition.isEmpty, !showsHistory else {
      return "SELECT \(list) FROM prices \(condition)"
        + (condition.isEmpty ? "" : " ") + "ORDER BY model, valid_from"
    }
    return """
      SELECT \(list) FROM (
        SELECT *, row_number() OVER (PARTITION BY model ORDER BY valid_from DESC) AS n FROM prices
        WHERE valid_from IS NULL OR valid_from <= \(now)
      ) WHERE n = 1 ORDER BY model
      """
  }

  private var now: String { "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')" }
}

struct PricesImport: Command {
  static let name = "import"
  static let abstract = "Take prices from a file of LiteLLM's."
  static let discussion = """
    FILE is model_prices_and_context_window.json as LiteLLM publishes it; logbook itself fetches nothing. \
    Prices that differ from those known hold from now on, or from --since on; those of models without any \
    price hold for all time. Turns that were read before keep their cost until 'logbook costs recost'.
    """
  static let arguments: [Argument<Self>] = [
    .one("FILE", help: "A JSON file; - is standard input.", sets: \.file)
  ]
  static let options: [Option<Self>] = [
    .value("since", nil, "TIME", help: "From when the prices hold.", sets: \.since),
    .choice("format", help: "How the summary is written.", sets: \.result.format),
  ]
  static let examples = [
    ("logbook prices import prices.json --since 2026-06-01", "dated as they were announced")
  ]
  var file = ""
  var since: String?
  var result = ResultOptions()

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let now = currentTime()
    let since = try since.map { try Times(zone: nil).parse($0) }
    let text = try readText(ofFile: file)
    // Before the first ingest, so that it bills by them.
    let counts = try Workspace(globals).run(now: now) { store in
      try store.write { db throws(SQLiteError) in
        guard
          let (list, skipped) = try LiteLLMPrices.read(text, validFrom: since ?? now, using: db)
        else { return [Int64]() }
        let known = PriceBook(try PriceTable().prices(in: db))
        let dated = list.map { price in
          var price = price
          if since == nil, !known.contains(price.model) { price.validFrom = 0 }
          return price
        }
        let name = String(file.split(separator: "/").last ?? "-")
        let hash = PriceList.hash(of: text)
        let added = try PriceTable().add(dated, name: name, hash: hash, now: now, in: db)
        return [Int64(list.count), Int64(added.count), skipped]
      }
    }
    guard !counts.isEmpty else {
      throw Failure(
        "\(file): not a JSON object of models", hint: "see 'logbook help prices import'",
        status: .corruptInput)
    }
    var writer = ResultWriter(result)
    writer.begin(["models", "changed", "skipped"])
    writer.row(counts.map { .integer($0) })
    try writer.end()
    return .success
  }
}
