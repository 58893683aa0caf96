import ArgumentParsing
import Glibc
import Reporting

struct Manual: Command {
  static let name = "manual"
  static let abstract = "Print the manual page."
  static let discussion = """
    All commands with their options, for 'man': 'make install' puts it where that looks.
    """
  static let examples = [("logbook manual | man -l -", "read it")]

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let page = ManualPage(
      of: commands.description, version: commands.version, date: Self.date, sections: Self.sections)
    let sink = TextSink(descriptor: STDOUT_FILENO)
    sink.write(page.text)
    sink.flush()
    return .success
  }

  /// Of this version: the same page each time that it is made.
  private static let date = "2026-11-22"

  private static let sections = [
    (
      title: "ENVIRONMENT",
      text: """
      LOGBOOK_DB and LOGBOOK_CONFIG name the database and the configuration where no option does. NO_COLOR keeps \
      tables without colors. TZ is the zone of times that name none.
      """
    ),
    (
      title: "FILES",
      text: """
      ./logbook.yaml or /etc/logbook/logbook.yaml is the configuration ('logbook config example'), ./logbook.db or \
      what it names the database; beside it lie its write-ahead log (-wal, -shm) and two lock files (.run.lock, \
      .write.lock), which are never to be deleted while a run goes on.
      """
    ),
    (title: "SEE ALSO", text: "sqlite3(1), systemd.timer(5), logrotate(8)"),
  ]
}
