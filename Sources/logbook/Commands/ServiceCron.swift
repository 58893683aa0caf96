import ArgumentParsing

struct ServiceCron: ServiceCommand {
  static let name = "cron"
  static let abstract = "A line for cron that reads every five minutes."
  static let discussion = """
    For machines without systemd. What is wrong goes to standard error, and so into cron's mail.
    """
  static let options: [Option<Self>] =
    targetOptions + [
      everyOption(sets: \.period),
      .value(
        "user", nil, "NAME", help: "Who reads. (default: root)", sets: \.user, parse: parseAccount),
    ]
  static let examples = [("logbook service cron --every 1 --install", "into /etc/cron.d")]
  var target = ServiceTarget()
  var period = ServicePeriod(minutes: 5)
  var user = "root"

  func files(_ service: ServiceContext) throws -> [ServiceFile] {
    // A percent sign ends the command for cron.
    let command = ServiceContext.shellWords(service.ingest)
      .split(separator: "%", omittingEmptySubsequences: false).joined(separator: "\\%")
    return [
      ServiceFile(
        path: "/etc/cron.d/logbook",
        text: "# Exit status 75: another run is at it, and nothing is wrong.\n"
          + "\(period.cron)  \(user)  \(command) >/dev/null\n")
    ]
  }
}
