import Glibc
import Ingestion
import LogModel
import Reporting
import Retention
import Storage
import Tailing

extension IngestSummary {
  /// To standard output: a sentence and a row for each source, or one object.
  func write(
    _ format: OutputFormat, duration: Int64, isDryRun: Bool = false,
    forgotten: Forgetting.Removed? = nil, pruned: Pruning.Removed? = nil
  ) {
    let sink = TextSink(descriptor: STDOUT_FILENO)
    if format == .json || format == .ndjson {
      sink.write(json(milliseconds: duration / 1000, forgotten: forgotten, pruned: pruned))
    } else {
      if let sync { sink.write(sync.text) }
      if let samples { sink.write("host: \(counted(samples, "sample"))\n") }
      if let forgotten { sink.write(forgotten.text) }
      sink.write(text(duration: duration, isDryRun: isDryRun))
      if let pruned, !pruned.isEmpty { sink.write("pruned \(pruned.text)\n") }
      let read = sources.filter { $0.files > 0 }
      if !read.isEmpty {
        let style = TableStyle(
          descriptor: STDOUT_FILENO, noColor: Workspace.variable("NO_COLOR") != nil)
        var renderer = makeRenderer(format, sink, style: style)
        renderer.begin(columns: ["source", "files", "lines", "bytes"])
        for source in read {
          renderer.row([
            .text(source.name), .integer(Int64(source.files)), .integer(Int64(source.lines)),
            .integer(source.bytes),
          ])
        }
        renderer.end()
      }
    }
    sink.flush()
  }

  /// A line of it: of runs that follow each other.
  func writeRound(_ format: OutputFormat, duration: Int64, pruned: Pruning.Removed?) {
    let sink = TextSink(descriptor: STDOUT_FILENO)
    if format == .json || format == .ndjson {
      sink.write(json(milliseconds: duration / 1000, forgotten: nil, pruned: pruned))
    } else {
      if let sync { sink.write(sync.text) }
      if records > 0 { sink.write(text(duration: duration, isDryRun: false)) }
      if let pruned, !pruned.isEmpty { sink.write("pruned \(pruned.text)\n") }
    }
    sink.flush()
  }

  /// One object, with the keys that programs rely on.
  private func json(
    milliseconds: Int64, forgotten: Forgetting.Removed?, pruned: Pruning.Removed?
  ) -> String {
    let sink = TextSink()
    let totals =
      "{\"run\":\(run),\"files\":\(files),\"lines\":\(lines),\"bytes\":\(bytes),\"records\":\(records)"
      + ",\"rejects\":\(rejects),\"lost_bytes\":\(lostBytes),\"lag_bytes\":\(lagBytes),\"duration_ms\":\(milliseconds)"
    sink.write(totals + ",\"sources\":[")
    for (index, source) in sources.enumerated() {
      sink.write(index == 0 ? "{\"source\":" : ",{\"source\":")
      sink.writeJSON(source.name)
      sink.write(",\"files\":\(source.files),\"lines\":\(source.lines),\"bytes\":\(source.bytes)}")
    }
    sink.write("],\"hole_bytes\":\(holeBytes),\"cut_bytes\":\(cutBytes)")
    sink.write(",\"sanitized\":\(sanitized),\"damaged\":\(damaged)")
    if let forgotten {
      sink.write(
        ",\"forgotten\":{\"files\":\(forgotten.files),\"lines\":\(forgotten.lines)"
          + ",\"records\":\(forgotten.records),\"bytes\":\(forgotten.bytes)}")
    }
    if let samples { sink.write(",\"samples\":\(samples)") }
    if let sync {
      sink.write(",\"metrics\":{")
      let lists = [
        ("added", sync.added), ("changed", sync.changed), ("removed", sync.removed),
        ("untouched", sync.untouched),
      ]
      for (index, (key, names)) in lists.enumerated() {
        sink.write(index == 0 ? "" : ",")
        sink.writeJSON(key)
        sink.write(":[")
        for (place, name) in names.enumerated() {
          sink.write(place == 0 ? "" : ",")
          sink.writeJSON(name)
        }
        sink.write("]")
      }
      sink.write("}")
    }
    if let pruned { sink.write(",\"pruned\":\(pruned.json)") }
    sink.write("}\n")
    return sink.text
  }

  /// One sentence for people.
  private func text(duration: Int64, isDryRun: Bool) -> String {
    guard records > 0 || files > 0 else { return "nothing new\n" }
    var parts = [
      counted(lines, "line"), counted(records, "record"),
      "\(ByteCount(bytes)) from \(counted(files, "file"))",
    ]
    if rejects > 0 { parts.append(counted(rejects, "reject")) }
    if lagBytes > 0 { parts.append("\(ByteCount(lagBytes)) left for the next run") }
    if cutBytes > 0 { parts.append("\(ByteCount(cutBytes)) cut off") }
    if holeBytes > 0 { parts.append("\(ByteCount(holeBytes)) of holes") }
    if sanitized > 0 { parts.append("\(sanitized) sanitized") }
    if damaged > 0 { parts.append("\(damaged) damaged") }
    if lostBytes > 0 { parts.append("\(ByteCount(lostBytes)) lost") }
    return (isDryRun ? "would read " : "")
      + parts.joined(separator: ", ") + " in \(ElapsedTime(microseconds: duration))\n"
  }
}

extension Forgetting.Removed {
  fileprivate var text: String {
    "forgot \(counted(lines, "line")), \(counted(records, "record")), "
      + "\(ByteCount(bytes)) from \(counted(files, "file"))\n"
  }
}

/// `1 line`, `2 lines`.
func counted(_ count: some BinaryInteger, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

extension Failure {
  init(_ problem: IngestProblem) {
    switch problem {
    case .missing(let path):
      self.init("\(path): there is no such file or folder", status: .inputOutput)
    case .noMatch(let path): self.init("\(path): nothing matches", status: .inputOutput)
    case .unreadable(_, let error): self.init(error.description, status: .inputOutput)
    case .notAFile(let path, let kind):
      self.init("\(path): \(SourceError.notRegular(kind).description)", status: .inputOutput)
    case .binary(let path, let isExplicit):
      self.init(
        "\(path): looks like a binary file and was not read",
        status: isExplicit ? .inputOutput : .success)
    case .failed(let path, .unsupported(let compression)):
      self.init(
        "\(path): \(SourceError.unsupported(compression).description)",
        hint: "unpack it, or pack it with gzip or zstd: what is in it is then read once",
        status: .inputOutput)
    case .refused(let path, let reason, let offset):
      let stored = offset > 0 ? "; what stands before byte \(offset) was stored" : ""
      self.init(
        "\(path): \(reason.description)\(stored)", hint: "unpack it beside the others",
        status: .inputOutput)
    case .failed(let path, let error):
      self.init("\(path): \(error.description)", status: .inputOutput)
    case .corrupt(let path, let offset):
      self.init(
        "\(path): the archive is damaged; what stands before byte \(offset) was stored",
        status: .corruptInput)
    case .incomplete(let path):
      self.init(
        "\(path): the archive ends too early; what it holds was stored",
        hint: "if it is still being written, the next run reads on", status: .corruptInput)
    case .trailing(let path, let bytes):
      self.init(
        "\(path): the \(bytes) bytes behind the archive's end are none; what stands before was stored",
        status: .corruptInput)
    case .noHost(let name, let root):
      self.init(
        "host '\(name)': there is no \(root.appending("proc".utf8)), so nothing of it was measured",
        hint: "'root' is where the host's own / is seen", status: .inputOutput)
    case .lost(let path, let bytes):
      self.init("\(path): \(bytes) bytes are gone that were never read", status: .inputOutput)
    }
  }
}

extension ExitStatus {
  /// A damaged archive says more than an unreadable file, and either more than success.
  init(_ problems: [IngestProblem]) {
    let statuses = problems.map { Failure($0).status }
    self = [.corruptInput, .inputOutput].first { statuses.contains($0) } ?? .success
  }
}
