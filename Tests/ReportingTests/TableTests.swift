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

@Test func `at a terminal the widest text gives way in its middle`() {
  let message =
    "connection to database server at db1.example.com (10.0.0.7) failed: timeout expired"
  let rows: [[Value]] = [
    [.integer(1_234_567), .text("2026-01-01T00:00:00Z"), .text(message)],
    [.integer(2), .text("2026-01-01T00:00:01Z"), .text("short")],
    [.integer(3), .text("2026-01-01T00:00:02Z"), .text(String(repeating: "错误", count: 20))],
  ]
  let text = rendered(.table, ["id", "time", "message"], rows, style: TableStyle(isTerminal: true))
  #expect(
    text == """
           id  time                  message
      1234567  2026-01-01T00:00:00Z  connection to database s… failed: timeout expired
            2  2026-01-01T00:00:01Z  short
            3  2026-01-01T00:00:02Z  错误错误错误错误错误错误…错误错误错误错误错误错误

      """)
  #expect(text.split(separator: "\n").map { displayWidth(String($0)) }.max() == 80)
  #expect(rendered(.table, ["id", "time", "message"], rows).contains(message))
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
