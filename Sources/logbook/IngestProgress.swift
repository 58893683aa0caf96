import CLinux
import Glibc
import Reporting

/// The bar on standard error, where that is a terminal.
final class IngestProgress {
  private let width = Int(logbook_terminal_columns(STDERR_FILENO))
  private let started = currentTime()
  private var shown: Int64 = 0

  func show(done: Int64, total: Int64) {
    let now = currentTime()
    guard width > 0, now - shown > 100_000, now - started > 300_000 else { return }
    shown = now
    let bar = ProgressBar(label: "ingest", total: total)
    StandardError.raw(bar.frame(done: done, elapsedMicroseconds: now - started, width: width))
  }

  func clear() {
    if shown > 0 { StandardError.raw(ProgressBar.erasure) }
    shown = 0
  }
}
