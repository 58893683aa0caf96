import LogModel
import Reporting
import Testing

@Test func `a table aligns numbers at the right and shows line ends`() {
  #expect(
    rendered(.table, sampleColumns, sampleRows)
      == """
         id  level  message                cost
          7  warn   disk, "sda" | 91 %      0.5
      12345         first⏎second
         -1         {"a":[1,2]}         1234.25

      """)
}

@Test func `a result without rows is its header`() {
  #expect(rendered(.table, ["id", "message"], []) == "id  message\n")
}

@Test func `wide and combining characters keep the columns straight`() {
  let rows: [[Value]] = [
    [.text("数据库连接失败"), .text("|")],
    [.text("ｆｕｌｌ한글かな"), .text("|")],
    [.text("cafe\u{301} naïve"), .text("|")],
    [.text("👍🏽 👨‍👩‍👧 🇩🇪 ❤️ ✅"), .text("|")],
    [.text("plain"), .text("|")],
  ]
  #expect(
    rendered(.table, ["text", "end"], rows)
      == """
      text              end
      数据库连接失败    |
      ｆｕｌｌ한글かな  |
      café naïve        |
      👍🏽 👨‍👩‍👧 🇩🇪 ❤️ ✅    |
      plain             |

      """)
}

@Test func `nothing in a cell reaches the terminal as a command`() {
  let rows: [[Value]] = [
    [.text("\u{1B}[2Jgone\u{7}")], [.text("a\tb\r\nc\rd\u{0}")], [.text("\u{9B}31m\u{7F}")],
    [.text("\u{202E}txt.exe\u{2066}")], [.text("zero\u{200B}width\u{2028}")],
  ]
  #expect(
    rendered(.table, ["te\u{1B}xt"], rows) == """
      te\\x1bxt
      \\x1b[2Jgone\\x07
      a\\tb⏎c⏎d\\x00
      \\x9b31m\\x7f
      \\u{202e}txt.exe\\u{2066}
      zero\\u{200b}width\\u{2028}

      """)
}

@Test func `blobs are written as SQL writes them`() {
  #expect(rendered(.table, ["data"], [[.blob([0, 255])]]) == "data\nx'00ff'\n")
}

@Test func `a column that mixes numbers and words stands at the left`() {
  let rows: [[Value]] = [[.integer(1), .null], [.text("none"), .null]]
  #expect(rendered(.table, ["value", "empty"], rows) == "value  empty\n1\nnone\n")
}

@Test func `at a terminal text loses its end, and words without blanks their middle`() {
  let message =
    "connection to database server at db1.example.com (10.0.0.7) failed: timeout expired"
  let path = "/var/log/applications/" + String(repeating: "x", count: 40) + "/today.log"
  let rows: [[Value]] = [
    [.integer(1_234_567), .text("2026-01-01T00:00:00Z"), .text(message)],
    [.integer(2), .text("2026-01-01T00:00:01Z"), .text("short")],
    [.integer(3), .text("2026-01-01T00:00:02Z"), .text(String(repeating: "错误", count: 20))],
    [.integer(4), .text("2026-01-01T00:00:03Z"), .text(path)],
  ]
  let style = TableStyle(isTerminal: true)
  let text = rendered(.table, ["id", "time", "text"], rows, style: style)
  #expect(
    text == """
           id  time                  text
      1234567  2026-01-01T00:00:00Z  connection to database server at db1.example.com…
            2  2026-01-01T00:00:01Z  short
            3  2026-01-01T00:00:02Z  错误错误错误错误错误错误…错误错误错误错误错误错误
            4  2026-01-01T00:00:03Z  /var/log/applications/xx…xxxxxxxxxxxxxx/today.log

      """)
  #expect(text.split(separator: "\n").map { displayWidth(String($0)) }.max() == 80)
  #expect(rendered(.table, ["id", "time", "text"], rows).contains(message))
}

private let found: [[Value]] = [
  [
    .text("2026-03-02T11:21:57.956000Z"), .text("error"), .text("fixtures/rotated/shop.log"),
    .text("2026-03-02T11:21:57.956Z ERROR payment: order 731204 failed, session s-97099315"),
  ],
  [
    .text("2026-03-02T11:21:57.956001Z"), .null, .text("app.log"),
    .text("{\"level\":\"warn\",\"message\":\"a_line_without_blanks\"}"),
  ],
]
private let foundColumns = ["time", "level", "source", "message"]

@Test func `at a terminal times are whole, and a source gives way before the message`() {
  #expect(
    rendered(.table, foundColumns, found, style: TableStyle(width: 80)) == """
      time                         level  source      message
      2026-03-02T11:21:57.956Z     error  …/shop.log  2026-03-02T11:21:57.956Z ERROR …
      2026-03-02T11:21:57.956001Z         app.log     {"level":"warn","message":"a_li…

      """)
  // The source gives way only as far as it must.
  let short = found.map { row in Array(row.dropLast()) + [.text("a message of thirty characters")] }
  #expect(
    rendered(.table, foundColumns, short, style: TableStyle(width: 82)) == """
      time                         level  source          message
      2026-03-02T11:21:57.956Z     error  …/shop.log      a message of thirty characters
      2026-03-02T11:21:57.956001Z         app.log         a message of thirty characters

      """)
}

@Test func `off a terminal nothing is shortened`() {
  #expect(
    rendered(.table, foundColumns, found).contains(
      "2026-03-02T11:21:57.956000Z  error  fixtures/rotated/shop.log  2026"))
}

@Test(arguments: [
  ("2026-03-02T08:00:00.000000Z", "2026-03-02T08:00Z"),
  ("2026-03-02T09:00:00.000000+01:00", "2026-03-02T09:00+01:00"),
  ("2026-03-02 08:00:00.000000Z", "2026-03-02 08:00:00.000000Z"),
  ("2026-03-02T08:00:00.000000Z x", "2026-03-02T08:00:00.000000Z x"),
])
func `minutes are enough for times of intervals`(_ text: String, _ expected: String) {
  let style = TableStyle(width: 80, precision: .minutes)
  #expect(rendered(.table, ["t"], [[.text(text)]], style: style) == "t\n\(expected)\n")
}

@Test func `a table that cannot fit becomes blocks of lines`() {
  let columns = ["source", "lines", "last_line", "last_error"]
  let rows: [[Value]] = [
    [.text("shop.log"), .integer(283), .text("2026-03-02T13:22:48.776000Z"), .null],
    [.text("later"), .integer(0), .null, .text("no file matches later/*.log")],
  ]
  #expect(
    rendered(.table, columns, rows, style: TableStyle(width: 50)) == """
      source      shop.log
      lines       283
      last_line   2026-03-02T13:22:48.776Z
      last_error

      source      later
      lines       0
      last_line
      last_error  no file matches later/*.log

      """)
  #expect(
    rendered(.table, columns, rows, style: TableStyle(width: 60)) == """
      source    lines  last_line                 last_error
      shop.log    283  2026-03-02T13:22:48.776Z
      later         0                            no file matches …

      """)
  #expect(
    rendered(
      .table, ["a", "b"], [[.integer(1), .text("x")]], style: .init(width: 80, isVertical: true))
      == "a  1\nb  x\n")
}

@Test func `two wide columns share what there is`() {
  let rows: [[Value]] = [
    [
      .text(String(repeating: "a", count: 50)), .text("xyz"),
      .text(String(repeating: "b", count: 90)),
    ]
  ]
  #expect(
    rendered(.table, ["one", "two", "three"], rows, style: TableStyle(width: 30)) == """
      one           two  three
      aaaaaa…aaaaa  xyz  bbbbb…bbbbb

      """)
}

@Test func `rows beyond those that settle the widths are streamed`() {
  var rows = [[Value]](repeating: [.text("ab"), .integer(1)], count: 1000)
  rows.append([.text("abcdefghijklmnop"), .integer(2)])
  rows.append([.text("ab"), .integer(3)])
  #expect(
    rendered(.table, ["name", "n"], rows).hasSuffix("ab    1\nabcdefghijklmnop  2\nab    3\n"))
  #expect(
    rendered(.table, ["name", "n"], rows, style: TableStyle(width: 80))
      .hasSuffix("ab    1\nab…p  2\nab    3\n"))
}

@Test func `colour marks the header and bad levels only`() {
  let text = rendered(
    .table, ["level", "message"],
    [
      [.text("error"), .text("x")], [.text("info"), .text("error")], [.text("warn"), .text("y")],
    ],
    style: TableStyle(width: 80, color: true))
  #expect(
    text == """
      \u{1B}[1mlevel\u{1B}[0m  \u{1B}[1mmessage\u{1B}[0m
      \u{1B}[31merror\u{1B}[0m  x
      info   error
      \u{1B}[33mwarn\u{1B}[0m   y

      """)
}

@Test func `flushing writes what is held back`() {
  let sink = TextSink()
  var renderer = makeRenderer(.table, sink)
  renderer.begin(columns: ["a"])
  renderer.flush()
  #expect(sink.text == "")
  renderer.row([.text("x")])
  renderer.flush()
  #expect(sink.text == "a\nx\n")
  renderer.row([.text("y")])
  renderer.end()
  #expect(sink.text == "a\nx\ny\n")
}
