// SPDX-License-Identifier: Apache-2.0

import Case

extension Language {
  /// What a field of the intervention sheet is called.
  package func word(_ field: Intervention.Field) -> String {
    switch field {
    case .customer: pick("Customer", "Client")
    case .contact: pick("Contact", "Contact")
    case .ticket: pick("Ticket", "Ticket")
    case .technician: pick("Technician", "Technicien")
    case .organisation: pick("Organisation", "Organisation")
    case .request: pick("Request", "Demande")
    case .deadline: pick("Deadline", "Échéance")
    case .agreed: pick("Agreed", "Accord")
    case .consent: pick("Consent", "Consentement")
    case .make: pick("Make", "Marque")
    case .model: pick("Model", "Modèle")
    case .serial: pick("Serial number on the label", "N° de série sur l'étiquette")
    case .capacity: pick("Capacity", "Capacité")
    case .interface: pick("Interface", "Interface")
    case .firmware: pick("Firmware", "Micrologiciel")
    case .accessories: pick("Accessories", "Accessoires")
    case .arrival: pick("State on arrival", "État à la réception")
    case .seal: pick("Seal", "Scellé")
    case .receivedFrom: pick("Received from", "Reçu de")
    case .receivedAt: pick("Received at", "Reçu à")
    case .diagnosis: pick("Diagnosis", "Diagnostic")
    case .work: pick("Work done", "Travaux effectués")
    case .advice: pick("Advice", "Recommandations")
    case .price: pick("Price", "Prix")
    case .storage: pick("Storage", "Conservation")
    case .retention: pick("Kept until", "Conservé jusqu'au")
    }
  }
}
