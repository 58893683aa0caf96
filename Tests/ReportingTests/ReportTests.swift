import Reporting
import TestSupport
import Testing

@Suite struct `A report` {
  struct Condition: Sendable {
    var text: String
    /// Nil: it is none.
    var holds: Bool?
  }

  static func report(_ title: String = "plain", command: String? = nil) -> Report {
    let minute: Int64 = 60_000_000
    let axis = TimeAxis(since: 0, until: 10 * minute, limit: 10)
    return Report(
      heading: ReportHeading(
        since: 0, until: 10 * minute, sources: [title], condition: title, program: title,
        schemaVersion: 1),
      sections: [
        ReportSection(
          "volume", title, notes: [title],
          figures: [
            ReportFigure(
              "lines", title, .count(200), earlier: .count(100), remark: title, isMain: true,
              command: command),
            ReportFigure("error_rate", "rate", .share(0.02)),
            ReportFigure("cost", "cost", .dollars(nano: 10_500_000_000)),
            ReportFigure("new_errors", "new", .count(0)),
          ],
          charts: [
            ReportChart(
              "bars", title, .stacked, unit: .count, axis: axis,
              series: [
                .init(title, (0..<10).map { Double($0) }),
                .init("error", [Double?](repeating: 1, count: 10)),
              ],
              command: command),
            ReportChart(
              "lines_by_time", title, .lines, unit: .milliseconds, axis: axis,
              series: [.init("p50", [nil, 1, 2, nil, 5, nil, nil, 8, 9, 10])]),
          ],
          tables: [
            ReportTable(
              "rows", title,
              columns: [
                .init("text", title, .code), .init("word", "word", .word), .init("n", "n", .number),
              ],
              rows: [.init([.text(title), .text(title), .count(5)], command: command)],
              command: command, note: title)
          ])
      ])
  }

  @Test(arguments: [
    Condition(text: "lines", holds: true), Condition(text: "lines>199", holds: true),
    Condition(text: "lines>200", holds: false), Condition(text: "lines>=200", holds: true),
    Condition(text: "lines<200", holds: false), Condition(text: "lines<=200", holds: true),
    Condition(text: "error-rate>1%", holds: true), Condition(text: "error-rate>2%", holds: false),
    Condition(text: "error-rate>=0.02", holds: true),
    Condition(text: "error-rate > 1.5 %", holds: true),
    Condition(text: "cost>10", holds: true), Condition(text: "cost>$10.5", holds: false),
    Condition(text: "cost>.5", holds: true), Condition(text: "new-errors", holds: false),
    Condition(text: "anomalies", holds: false), Condition(text: "anomalies<1", holds: true),
    Condition(text: "", holds: nil), Condition(text: "nonsense", holds: nil),
    Condition(text: "lines>", holds: nil), Condition(text: "lines=5", holds: nil),
    Condition(text: "lines>-1", holds: nil), Condition(text: "lines>1e3", holds: nil),
    Condition(text: "lines>1.2.3", holds: nil), Condition(text: "lines>٣", holds: nil),
    Condition(text: "lines>1%%", holds: nil), Condition(text: "lines>>1", holds: nil),
    Condition(text: "error_rate>1%", holds: nil), Condition(text: ">1", holds: nil),
    Condition(text: "lines>nan", holds: nil), Condition(text: "lines>.", holds: nil),
    // A share without its sign would never hold; nor do these.
    Condition(text: "error-rate>5", holds: nil), Condition(text: "error-rate>=1", holds: nil),
    Condition(text: "error-rate<1", holds: nil), Condition(text: "error-rate>100%", holds: nil),
    Condition(text: "error-rate>=101%", holds: nil), Condition(text: "lines<0", holds: nil),
    Condition(text: "error-rate>0", holds: true), Condition(text: "error-rate<=100%", holds: true),
    Condition(text: "cost>10%", holds: nil), Condition(text: "lines>5%", holds: nil),
    Condition(text: "lines>$5", holds: nil), Condition(text: "error-rate>$1%", holds: nil),
  ])
  func `fails by its conditions`(_ condition: Condition) {
    let parsed = try? ReportCondition(condition.text)
    #expect(parsed.map { $0.holds(for: Self.report()) } == condition.holds, "\(condition.text)")
  }

  static func text(_ write: (Report, TextSink) -> Void, _ report: Report) -> String {
    let sink = TextSink()
    write(report, sink)
    return sink.text
  }

  static let hostile = [
    "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "\" onload=\"alert(1)",
    "' style='x", "&lt;b&gt;", "<!-- --> ]]>", "\u{202E}evil\u{202C}", "a\u{0}b\u{1B}[31m\u{7F}",
    "\r\n\u{2028}\u{2029}", "javascript:alert(1)", "{{x}} ${x} `x`", "\u{FFFE}\u{FFFF}\u{10FFFF}",
    String(repeating: "<", count: 5000),
  ]

  @Test(arguments: hostile)
  func `shows hostile text as text on its page`(_ text: String) {
    let page = Self.text(
      { $0.writeHTML($1) }, Self.report(text, command: "logbook search '\(text)'"))
    let plain = Self.text({ $0.writeHTML($1) }, Self.report("plain", command: "plain"))
    // Whatever the text is, the page has the tags and attributes that it has without it.
    func markup(_ page: String) -> [String] {
      page.split(separator: "<").dropFirst().map { tag in
        let name = tag.prefix { $0 != ">" && $0 != " " }
        return String(name)
      }
    }
    #expect(markup(page) == markup(plain))
    #expect(page.split(separator: "\"").count == plain.split(separator: "\"").count)
    for scalar in page.unicodeScalars {
      let isHidden = scalar.value < 0x20 && scalar != "\n" || scalar.value == 0x7F
      #expect(!isHidden && scalar != "\u{202E}" && scalar != "\u{2028}")
    }
  }

  @Test(arguments: hostile)
  func `shows hostile text on one line elsewhere`(_ text: String) {
    let lines = { (text: String) in
      text.split(separator: "\n", omittingEmptySubsequences: false).count
    }
    for write in [{ (report: Report, sink: TextSink) in report.writeText(sink) }] {
      let shown = Self.text(write, Self.report(text))
      #expect(!shown.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\r" })
    }
    let markdown = Self.text({ $0.writeMarkdown($1) }, Self.report(text))
    #expect(lines(markdown) == lines(Self.text({ $0.writeMarkdown($1) }, Self.report())))
    #expect(!markdown.contains("<script") && !markdown.contains("<img"))
  }

  @Test func `a command in a note is not broken`() {
    let command = "logbook search --since 2026-01-01T00:00Z --source 'a source'"
    var report = Self.report()
    report.heading.notes = ["Left out: 86 lines of more than a day after; see '\(command)'."]
    let lines = Self.text({ $0.writeText($1) }, report).split(separator: "\n")
    #expect(lines.contains { $0 == "'\(command)'." })
    report.heading.notes = ["'\(command)' lists them."]
    #expect(Self.text({ $0.writeText($1) }, report).contains(command))
  }

  @Test func `has text of 80 columns, but for commands`() {
    let long = String(repeating: "word ", count: 40)
    var report = Self.report()
    report.sections[0].notes = [long]
    for index in report.sections[0].figures.indices {
      report.sections[0].figures[index].remark = long
    }
    let minute: Int64 = 60_000_000
    let names = ["time", "other", "a/model-with-a-name-that-is-long-2026-02-01"]
    report.heading.notes = [long]
    report.sections[0].charts = [
      ReportChart(
        "wide", "wide", .stacked, unit: .dollars,
        axis: TimeAxis(since: 0, until: 72 * minute, limit: 72),
        series: names.map { .init($0, (0..<72).map { Double($0) * 12_345.678 }) })
    ]
    report.sections[0].tables.append(
      ReportTable(
        "many", "many",
        columns: (0..<14).map { .init("n\($0)", "number \($0)", .number) } + [
          .init("text", "text", .text), .init("code", "code", .code),
          .init("id", "id", .identifier),
        ],
        rows: [
          .init(
            [Quantity](repeating: .count(1_234_567), count: 14) + [
              .text(long), .text(long), .text("4503599627370495"),
            ])
        ]))
    for line in Self.text({ $0.writeText($1) }, report).split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func `says first what its sections say is important`() {
    var report = Self.report()
    report.sections[0].figures[1].isMain = true
    report.sections[0].changes = (1...4).map {
      ReportChange(
        "lines", "kind \($0)", .count(9), earlier: .count(3), change: .change(9, from: 3))
    }
    var section = ReportSection(
      "errors", "Errors",
      figures: [ReportFigure("regressed_errors", "Regressed", .count(2), isMain: true)])
    section.highlights = ReportTable(
      "errors", "Errors", columns: [.init("error", "error", .code)],
      rows: [.init([.text("kind 3")])])
    report.sections.append(section)
    let verdict = report.verdict
    #expect(verdict.figures.map(\.key) == ["lines", "error_rate", "regressed_errors"])
    #expect(verdict.tables.map(\.key) == ["errors", "changes"])
    #expect(
      verdict.tables[1].rows.map { $0.values[4].shown } == ["kind 1", "kind 2", "kind 3"])
    for write in [Report.writeText, Report.writeMarkdown, Report.writeJSON, Report.writeHTML] {
      let text = Self.text({ write($0)($1) }, report)
      #expect(text.contains("kind 3") && !text.contains("kind 4"))
    }
  }

  @Test func `text of a table that has no room beside numbers stands below them`() {
    func table(_ text: String) -> String {
      var report = Self.report()
      let columns: [ReportTable.Column] =
        (0..<5).map { .init("n\($0)", "number \($0)", .number) } + [.init("code", "code", .code)]
      report.sections = [
        ReportSection(
          "one", "one",
          tables: [
            ReportTable(
              "t", "t", columns: columns,
              rows: [
                .init([Quantity](repeating: .count(1), count: 5) + [.text(text)]),
                .init([Quantity](repeating: .count(22), count: 5) + [.none]),
              ])
          ])
      ]
      return Self.text({ $0.writeText($1) }, report)
    }
    let numbers = "number 0  number 1  number 2  number 3  number 4"
    #expect(
      table("30 letters have their own room").hasSuffix(
        """
        \(numbers)  code
               1         1         1         1         1  30 letters have their own room
              22        22        22        22        22

        """))
    let long = String(repeating: "long ", count: 16)
    #expect(
      table(long).hasSuffix(
        """
        \(numbers)
          code
               1         1         1         1         1
          \(long.prefix(77))…
              22        22        22        22        22

        """))
  }

  @Test func `has charts in JSON whose series may have any name`() {
    var report = Self.report()
    let axis = TimeAxis(since: 0, until: 120_000_000, limit: 2)
    report.sections[0].charts = [
      ReportChart(
        "cost_by_model", "cost", .stacked, unit: .dollars, axis: axis,
        series: ["time", "other", "other"].map { .init($0, [1, 0.5]) })
    ]
    let series = #"{"name":"other","values":[1,0.5]}"#
    #expect(
      Self.text({ $0.writeJSON($1) }, report).contains(
        #""cost_by_model":{"unit":"dollars","step_s":60,"times":["1970-01-01T00:00:00.000000Z","1970-01-01T00:01:00.000000Z"],"#
          + #""series":[{"name":"time","values":[1,0.5]},\#(series),\#(series)]}"#))
  }

  @Test func `says in every format what a reader of all numbers has to know`() {
    var report = Self.report()
    report.heading.notes = ["Lines from before <then> are gone."]
    for write in [Report.writeText, Report.writeMarkdown, Report.writeJSON, Report.writeHTML] {
      let text = Self.text({ write($0)($1) }, report)
      #expect(text.contains("Lines from before") && text.contains("are gone."))
    }
  }

  @Test func `cuts long cells of Markdown`() {
    let text = Self.text({ $0.writeMarkdown($1) }, Self.report(String(repeating: "x", count: 9000)))
    let row = text.split(separator: "\n").first { $0.hasPrefix("| xxx") && $0.contains("| 5 |") }
    #expect((row?.count ?? .max) < 400)
  }

  @Test func `asks for nothing from elsewhere`() {
    let page = Self.text({ $0.writeHTML($1) }, Self.report())
    for word in ["http://", "https://", "src=", "url(", "@import", "<script", "style=\""] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("default-src 'none'"))
  }
}

@Suite struct `An axis` {
  @Test(
    arguments: [
      (1, "1 min", 1), (72, "1 min", 72), (73, "2 min", 37), (1440, "30 min", 48),
      (10_080, "3 h", 56), (525_600, "7 d", 53), (5_256_000, "56 d", 66),
    ] as [(Int64, String, Int)])
  func `has intervals of round length`(_ minutes: Int64, _ width: String, _ count: Int) {
    let start: Int64 = 1_767_225_600_000_000
    let axis = TimeAxis(since: start, until: start + minutes * 60_000_000, limit: 72)
    #expect(axis.count == count)
    #expect(axis.start <= start && axis.time(axis.count) >= start + minutes * 60_000_000)
    #expect(axis.index(of: start) == 0 && axis.index(of: .max / 2) == axis.count - 1)
  }

  @Test func `begins weeks on Monday, before 1970 too`() {
    let day: Int64 = 86_400_000_000
    for start in [-1000 * day, 0, 20_000 * day] {
      let axis = TimeAxis(since: start, until: start + 400 * day, limit: 60)
      // 1970 began on a Thursday.
      #expect(axis.width == 7 * day && ((axis.start / day + 3) % 7 + 7) % 7 == 0)
      #expect(axis.start <= start)
    }
  }
}

@Test(
  arguments: [
    (.count(1_234_567), "1,234,567"), (.count(-1234), "−1,234"), (.share(0), "0 %"),
    (.share(0.00001), "<0.01 %"), (.share(0.034), "3.4 %"), (.share(0.9999), ">99.9 %"),
    (.share(1), "100 %"), (.dollars(nano: 0), "$0"), (.dollars(nano: 5_625_000), "$0.005625"),
    (.dollars(nano: 12_345_678_000_000), "$12,345.68"), (.dollars(nano: 1), "<$0.000001"),
    (.milliseconds(0.354), "0.35 ms"), (.milliseconds(7851), "7.85 s"),
    (.milliseconds(125_000), "2 min 5 s"), (.change(110, from: 100), "+10 %"),
    (.change(50, from: 100), "−50 %"), (.change(5, from: 0), "new"), (.change(7, from: 7), "="),
    (.change(3000, from: 100), "+30×"), (.time(0), "1970-01-01 00:00"), (.none, ""),
  ] as [(Quantity, String)])
func `a quantity is shown in its unit`(_ quantity: Quantity, _ expected: String) {
  #expect(quantity.shown == expected)
}
