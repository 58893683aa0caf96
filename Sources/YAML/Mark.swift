/// A place in a document.
///
/// Lines and columns count from 1; a column is one Unicode scalar wide.
package struct Mark: Sendable, Hashable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
