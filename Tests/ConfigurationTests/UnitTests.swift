import Configuration
import Testing

@Test(arguments: [
  ("500ms", 500), ("0s", 0), ("30s", 30_000), ("10m", 600_000), ("4h", 14_400_000),
  ("30d", 2_592_000_000), ("2w", 1_209_600_000), ("007s", 7000),
])
func `a duration is a whole number and a unit`(_ text: String, _ milliseconds: Int64) {
  #expect(Duration(text) == .milliseconds(milliseconds))
}

@Test(arguments: [
  "", "s", "5", "-5s", "+5s", "1.5h", "1h30m", "5 s", " 5s", "5S", "5min", "٥s",
  "9999999999999999w",
  "9223372036854775807s", "99999999999999999999s",
])
func `what is not a duration is nothing`(_ text: String) {
  #expect(Duration(text) == nil)
}

@Test(arguments: [
  ("1", 1), ("65536", 65536), ("1B", 1), ("50MB", 50_000_000), ("2GiB", 2_147_483_648),
  ("1MiB", 1_048_576), ("3kb", 3000), ("3kib", 3072), ("1TB", 1_000_000_000_000),
  ("8388607TiB", 9_223_370_937_343_148_032),
])
func `a size is a whole number and a unit`(_ text: String, _ bytes: Int64) {
  #expect(ByteSize(text)?.bytes == bytes)
}

@Test(arguments: [
  "", "0", "0MB", "-1", "1.5MB", "MB", "5 MB", "5M", "5MBs", "8388608TiB", "99999999999999999999",
])
func `what is not a size is nothing`(_ text: String) {
  #expect(ByteSize(text) == nil)
}

@Test(arguments: [
  ("1500ms", "1500ms"), ("60s", "1m"), ("90s", "90s"), ("24h", "1d"), ("14d", "2w"), ("0ms", "0s"),
])
func `a duration is written in the largest unit that divides it`(_ text: String, _ written: String)
{
  #expect(Duration(text)?.text == written)
}

@Test(arguments: [
  ("1", "1"), ("1000", "1KB"), ("1024", "1KiB"), ("1048576", "1MiB"), ("1048577", "1048577"),
  ("50000KB", "50MB"), ("1024000", "1000KiB"),
])
func `a size is written in the largest unit that divides it`(_ text: String, _ written: String) {
  #expect(ByteSize(text)?.text == written)
}
