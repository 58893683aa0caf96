import LogModel

/// A chart as a figure of HTML: its texts keep their size however wide it is drawn.
extension ReportChart {
  /// Pixels from the upper edge to the highest value, from there to the axis, and from there down.
  private static let (above, height, below) = (8, 150, 22)
  private static let ticks = 7
  /// Of what there is something is seen: at least this part of the height, in percent.
  private static let least = 0.8

  func writeHTML(_ sink: TextSink) {
    let axis = ValueAxis(maximum: maximum, isWhole: unit == .count || unit == .bytes)
    sink.write(
      "<figure>\n<figcaption>\(folding)<span class=\"unit\">each \(html(self.axis.widthText()))</span></figcaption>\n"
    )
    writeLegend(sink)
    let total = Self.above + Self.height + Self.below
    sink.write("<div class=\"plot\"><svg class=\"y\" height=\"\(total)\" aria-hidden=\"true\">")
    for tick in axis.ticks {
      sink.write(
        "<text x=\"100%\" dx=\"-6\" y=\"\(place(tick, axis))\" dy=\".32em\">\(html(label(tick)))</text>"
      )
    }
    sink.write(
      "</svg><svg class=\"x\" height=\"\(total)\" role=\"img\" aria-label=\"\(html(title))\">\n")
    for tick in axis.ticks {
      let y = place(tick, axis)
      sink.write(
        "<line class=\"\(tick == 0 ? "base" : "grid")\" x2=\"100%\" y1=\"\(y)\" y2=\"\(y)\"/>")
    }
    writeTimes(sink)
    sink.write(
      "\n<svg y=\"\(Self.above)\" width=\"100%\" height=\"\(Self.height)\" viewBox=\"0 0 \(self.axis.count) 100\" preserveAspectRatio=\"none\">\n"
    )
    switch form {
    case .stacked: writeBars(sink, top: axis.top)
    case .lines: writeLines(sink, top: axis.top)
    }
    writeHints(sink)
    sink.write("</svg></svg></div>\n</figure>\n")
  }

  private var folding: String {
    guard let command else { return "<span>\(html(title))</span>" }
    return
      "<details><summary>\(html(title))</summary><code class=\"command\">\(html(command))</code></details>"
  }

  private var maximum: Double {
    switch form {
    case .lines: series.flatMap { $0.values.compactMap { $0 } }.max() ?? 0
    case .stacked:
      (0..<axis.count).map { index in
        series.reduce(0) { $0 + ($1.values[index] ?? 0) }
      }.max() ?? 0
    }
  }

  private func place(_ value: Double, _ axis: ValueAxis) -> String {
    decimals(Double(Self.above) + Double(Self.height) * (1 - value / axis.top), 1)
  }

  private func label(_ value: Double) -> String {
    switch unit {
    case .count: compact(value)
    case .dollars where value >= 0.1: "$" + decimals(value, 2)
    case .number, .share, .bytes, .milliseconds, .dollars: Quantity.of(unit, value).shown
    }
  }

  private func writeLegend(_ sink: TextSink) {
    guard series.count > 1 else { return }
    sink.write("<ul class=\"legend\">")
    for (index, series) in series.enumerated().reversed() {
      let mark =
        form == .stacked
        ? "<rect class=\"\(style(index))\" width=\"12\" height=\"12\" rx=\"2\"/>"
        : "<path class=\"line \(style(index))\" d=\"M0 6h18\"/>"
      sink.write(
        "<li><svg width=\"\(form == .stacked ? 12 : 18)\" height=\"12\" aria-hidden=\"true\">\(mark)</svg>\(html(elided(series.name, to: 40)))</li>"
      )
    }
    sink.write("</ul>\n")
  }

  private func writeTimes(_ sink: TextSink) {
    let y = Self.above + Self.height
    for (index, tick) in axis.ticks(limit: Self.ticks).enumerated() {
      let x = decimals(tick.place * 100, 3)
      let anchor = tick.place > 0.94 ? "end" : tick.place < 0.03 ? "start" : "middle"
      sink.write(
        "<line class=\"base\" x1=\"\(x)%\" x2=\"\(x)%\" y1=\"\(y)\" y2=\"\(y + 4)\"/><text class=\"\(anchor)\(index % 2 == 1 ? " odd" : "")\" x=\"\(x)%\" y=\"\(y + 17)\">\(html(tick.label))</text>"
      )
    }
  }

  private func writeBars(_ sink: TextSink, top: Double) {
    var heights = [Double](repeating: 0, count: axis.count)
    for (place, series) in series.enumerated() {
      var path = ""
      for (index, value) in series.values.enumerated() {
        guard let value, value > 0 else { continue }
        let size = max(Self.least, value / top * 100)
        let bottom = 100 - heights[index]
        heights[index] += size
        path +=
          "M\(decimals(Double(index) + 0.09, 2)) \(decimals(bottom, 2))h.82v-\(decimals(min(size, bottom), 2))h-.82z"
      }
      if !path.isEmpty { sink.write("<path class=\"\(style(place))\" d=\"\(path)\"/>\n") }
    }
  }

  private func writeLines(_ sink: TextSink, top: Double) {
    for (place, series) in series.enumerated() {
      var path = ""
      for (index, value) in series.values.enumerated() {
        guard let value else { continue }
        let y = decimals(100 - max(0, value) / top * 100, 2)
        let isOpen = index > 0 && series.values[index - 1] != nil
        let goesOn = index + 1 < series.values.count && series.values[index + 1] != nil
        // Alone, a point is a dash.
        path +=
          isOpen
          ? "L\(decimals(Double(index) + 0.5, 2)) \(y)"
          : goesOn
            ? "M\(decimals(Double(index) + 0.5, 2)) \(y)"
            : "M\(decimals(Double(index) + 0.2, 2)) \(y)h.6"
      }
      if !path.isEmpty { sink.write("<path class=\"line \(style(place))\" d=\"\(path)\"/>\n") }
    }
  }

  /// What people see who point at an interval.
  private func writeHints(_ sink: TextSink) {
    for index in 0..<axis.count {
      let values = series.reversed().compactMap { series in
        series.values[index].flatMap { value in
          form == .stacked && value == 0
            ? nil : "\(series.name) \(Quantity.of(unit, value).shown)"
        }
      }
      if values.isEmpty { continue }
      let text = ([axis.name(index)] + values).joined(separator: " · ")
      sink.write(
        "<rect class=\"hint\" x=\"\(index)\" width=\"1\" height=\"100\"><title>\(html(text))</title></rect>\n"
      )
    }
  }

  /// Levels and status classes have their own colours, wherever they stand.
  private func style(_ index: Int) -> String {
    switch series[index].name {
    case "fatal", "error", "warn", "info", "debug", "trace": "l-\(series[index].name)"
    case "5xx", "error rate": "l-error"
    case "4xx": "l-warn"
    case "3xx": "l-debug"
    case "2xx": "l-info"
    case "1xx", "none", "other", "no level": "l-none"
    default: "k-\(index % 8)"
    }
  }
}

/// `950`, `12k`, `1.5M`.
private func compact(_ value: Double) -> String {
  for (size, unit) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= size {
    return decimals(value / size, 1) + unit
  }
  return decimals(value, 1)
}

/// Bars as high as their part of the largest, in a line of text.
func sparkSVG(_ values: [Double]) -> String {
  let most = values.max() ?? 0
  guard most > 0 else { return "" }
  var path = ""
  for (index, value) in values.enumerated() where value > 0 {
    let size = max(8, value / most * 100)
    path += "M\(index) 100h.8v-\(decimals(size, 1))h-.8z"
  }
  return
    "<svg class=\"spark\" viewBox=\"0 0 \(values.count) 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"\(path)\"/></svg>"
}
