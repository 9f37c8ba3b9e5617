// SPDX-License-Identifier: Apache-2.0

import Health
import Identification
import Reporting

extension Messages {
  /// What to do now, one step a line, in the order in which to do it.
  func next(_ triage: Triage) -> [String] {
    let reasons = triage.advice.reasons
    let device = TerminalText.safe(triage.device?.path ?? triage.path)
    guard triage.isBlockDevice else { return nextOfImage(triage) }
    var steps = reasons.compactMap { remedy($0, device) }
    if triage.advice.course == .stop { return unique(steps) }
    if triage.isReadOnly == false, triage.device?.mounts.isEmpty ?? true {
      steps.append(
        pick("protect it from writes: ", "protégez-le des écritures : ")
          + "renflou triage \(device) --set-read-only"
          + pick(" (or: ", " (ou : ") + "blockdev --setro \(device))")
    }
    steps.append(
      pick("image it: ", "faites-en une image : ") + "renflou image \(device) IMAGE"
        + (triage.advice.course == .goGently ? " --first metadata,used" : ""))
    return unique(steps)
  }

  private func nextOfImage(_ triage: Triage) -> [String] {
    let image = TerminalText.safe(triage.path)
    if triage.advice.course == .go {
      return ["renflou recover \(image) --to " + pick("DIR", "DOSSIER")]
    }
    return [
      pick(
        "the disk that holds the image does not read well: copy the image to another one",
        "le disque qui contient l'image se lit mal : copiez l'image sur un autre")
    ]
  }

  private func unique(_ steps: [String]) -> [String] {
    var seen: Set<String> = []
    return steps.filter { seen.insert($0).inserted }
  }

  /// What one reason asks for.
  private func remedy(_ reason: Reason, _ device: String) -> String? {
    switch reason {
    case .systemDisk:
      pick(
        "shut the machine down and start it from another medium, or move the disk to another machine",
        "éteignez la machine et démarrez sur un autre support, ou déplacez le disque")
    case .mounted(let points):
      pick("unmount it: ", "démontez-le : ")
        + points.map { point in
          let safe = TerminalText.safe(point)
          return point == "[swap]" ? "swapoff" : "umount '\(safe)'"
        }.joined(separator: "; ")
    case .temperature, .temperatureWarning:
      pick(
        "switch it off, let it cool below \(HealthWatch.coolEnough) °C, give it air, then triage again",
        "éteignez-le, laissez-le descendre sous \(HealthWatch.coolEnough) °C, ventilez, "
          + "puis refaites le tri")
    case .cableErrorsRise:
      pick(
        "change the cable and the port first, then triage again",
        "changez d'abord le câble et le port, puis refaites le tri")
    case .notIdentified, .doesNotAnswer:
      pick(
        "check cable, port and power; if it stays so, a laboratory: each start may be its last",
        "vérifiez câble, port et alimentation ; si rien ne change, un laboratoire : "
          + "chaque démarrage peut être le dernier")
    case .selfAssessmentFailed, .spinRetries, .nothingReads:
      pick(
        "what matters belongs in a laboratory; else image it once, and leave it switched off till then",
        "si les données comptent, un laboratoire ; sinon une seule image, et éteint d'ici là")
    case .healthUnknown(.noSmartctl):
      pick("to see its health: ", "pour voir sa santé : ") + "apt install smartmontools"
    case .healthUnknown(.noRights):
      pick("to see its health: ", "pour voir sa santé : ") + "sudo renflou triage \(device)"
    case .healthUnknown(.unknownBridge):
      pick(
        "to see its health, connect it to SATA without the USB bridge",
        "pour voir sa santé, branchez-le en SATA sans l'adaptateur USB")
    case .hiddenArea:
      pick("look at its hidden area: ", "voyez la zone cachée : ") + "hdparm -N \(device)"
    default: nil
    }
  }
}
