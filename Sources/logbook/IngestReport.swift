import Ingestion
import LogModel
import Reporting
import Tailing

extension IngestSummary {
  /// One object, with the keys that programs rely on.
  func json(milliseconds: Int64) -> String {
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
    sink.write("]}\n")
    return sink.text
  }

  /// One sentence for people.
  func text(duration: Int64, isDryRun: Bool) -> String {
    guard records > 0 || files > 0 else { return "nothing new\n" }
    var parts = [
      "\(lines) \(lines == 1 ? "line" : "lines")",
      "\(records) \(records == 1 ? "record" : "records")",
      "\(ByteCount(bytes)) from \(files) \(files == 1 ? "file" : "files")",
    ]
    if rejects > 0 { parts.append("\(rejects) \(rejects == 1 ? "reject" : "rejects")") }
    if lagBytes > 0 { parts.append("\(ByteCount(lagBytes)) left for the next run") }
    if lostBytes > 0 { parts.append("\(ByteCount(lostBytes)) lost") }
    return (isDryRun ? "would read " : "")
      + parts.joined(separator: ", ") + " in \(ElapsedTime(microseconds: duration))\n"
  }
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
