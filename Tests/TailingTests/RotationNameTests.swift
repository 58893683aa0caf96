import LogModel
import TestSupport
import Testing

@testable import Tailing

@Suite struct RotationNameTests {
  @Test(arguments: [
    ("/l/access.log", "/l/access.log", RotationName.Rank.active),
    ("access.log.1", "access.log", .numbered(1)),
    ("access.log.2.gz", "access.log", .numbered(2)),
    ("access.log.9999", "access.log", .numbered(9999)),
    ("access.log.10000", "access.log.10000", .active),
    ("access.log.gz", "access.log", .active),
    ("access.log-20260131", "access.log", .dated(20_260_131_000_000, sequence: 0)),
    ("access.log-20260131.zst", "access.log", .dated(20_260_131_000_000, sequence: 0)),
    ("access.log-2026013115", "access.log", .dated(20_260_131_150_000, sequence: 0)),
    ("access.log.20260131", "access.log", .dated(20_260_131_000_000, sequence: 0)),
    ("a-20260131-1769817600", "a", .dated(20_260_131_000_000, sequence: 1_769_817_600)),
    ("app.log.2026-01-31", "app.log", .dated(20_260_131_000_000, sequence: 0)),
    ("app.log-2026-01-31", "app.log", .dated(20_260_131_000_000, sequence: 0)),
    ("app.log.2026-01-31_15:04:05", "app.log", .dated(20_260_131_150_405, sequence: 0)),
    ("app.log.2026-01-31_15-04-05", "app.log", .dated(20_260_131_150_405, sequence: 0)),
    ("app.log.2026-01-31-15", "app.log", .dated(20_260_131_150_000, sequence: 0)),
    ("app.log.2026-01-31-15.xz", "app.log", .dated(20_260_131_150_000, sequence: 0)),
    ("app.log.2026-01-31.3", "app.log", .dated(20_260_131_000_000, sequence: 3)),
    ("app.log.old", "app.log", .old),
    ("app-20260131.log", "app.log", .dated(20_260_131_000_000, sequence: 0)),
    ("app.2026-01-31.log.gz", "app.log", .dated(20_260_131_000_000, sequence: 0)),
    ("app.2026-01-31.0.log", "app.log", .dated(20_260_131_000_000, sequence: 0)),
    ("app.1.log", "app.log", .numbered(1)),
    ("app.log-20261331", "app.log-20261331", .active),
    ("app.log.1.2", "app.log.1", .numbered(2)),
    ("app-v2.log", "app-v2.log", .active),
    ("1.log", "1.log", .active),
    (".1", ".1", .active),
    (".gz", ".gz", .active),
    ("/d.1/-20260131", "/d.1/-20260131", .active),
    ("", "", .active),
  ])
  func `a name is a family and a rank`(_ name: String, _ family: String, _ rank: RotationName.Rank)
  {
    #expect(RotationName.family(of: Path(name)).description == family)
    #expect(RotationName.rank(of: Path(name)) == rank)
  }

  @Test func `rotated files sort from the oldest to the one being written`() {
    let names = [
      "x-20260101", "x-20260102-1767300000", "x-20260102-1767300001", "x.10.gz", "x.9", "x.1",
      "x.old", "x",
    ]
    var shuffled = names
    var random = SeededRandom(seed: 3)
    shuffled.shuffle(using: &random)
    #expect(
      shuffled.sorted { RotationName.rank(of: Path($0)) < RotationName.rank(of: Path($1)) }
        == names)
  }

  @Test func `an olddir does not part a family`() {
    #expect(RotationName.isRelated(Path("/var/log/a.log"), Path("/var/log/old/a.log.3.gz")))
    #expect(!RotationName.isRelated(Path("/var/log/a.log"), Path("/var/log/b.log.1")))
  }
}
