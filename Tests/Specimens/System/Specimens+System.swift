// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let system: [Specimen] = [
    WindowsSpecimens.all,
    MoreWindowsSpecimens.all,
    FontSpecimens.all,
    JavaClassSpecimens.all,
    ELFSpecimens.all,
    ProgramSpecimens.all,
    WebFontSpecimens.all,
    PortableCodeSpecimens.all,
    MOSpecimens.all,
    PythonCodeSpecimens.all,
  ].flatMap(\.self)
}
