// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

// What findings are called, in words. Machine forms use `Verdict.word` and the like, never these.

extension Language {
  package func word(_ verdict: Verdict) -> String {
    switch verdict {
    case .verified: pick("verified", "vérifié")
    case .intact: pick("intact", "intact")
    case .probable: pick("probable", "probable")
    case .guessed: pick("guessed", "supposé")
    case .partial: pick("partial", "partiel")
    case .nameOnly: pick("name only", "nom seul")
    }
  }

  /// What a verdict promises.
  func meaning(_ verdict: Verdict) -> String {
    switch verdict {
    case .verified:
      pick(
        "a checksum inside the file covers all of its content and holds",
        "une somme de contrôle du fichier couvre tout son contenu et est juste")
    case .intact:
      pick(
        "its structure holds to the end, or sound records give every byte",
        "sa structure est saine jusqu'à la fin, ou des données sûres donnent chaque octet")
    case .probable:
      pick(
        "the file system's own records give every byte",
        "les données du système de fichiers donnent chaque octet")
    case .guessed:
      pick("some of its place is an assumption", "une partie de son emplacement est supposée")
    case .partial: pick("bytes are missing or foreign", "des octets manquent ou sont étrangers")
    case .nameOnly: pick("only the name is left", "il ne reste que le nom")
    }
  }

  package func word(_ origin: Finding.Origin) -> String {
    switch origin {
    case .live: pick("present", "présent")
    case .undelete: pick("deleted", "effacé")
    case .journal: pick("deleted (journal)", "effacé (journal)")
    case .carve: pick("found by content", "trouvé par contenu")
    }
  }

  package func word(_ kind: Finding.Kind) -> String {
    switch kind {
    case .file: pick("file", "fichier")
    case .folder: pick("folder", "dossier")
    case .symbolicLink: pick("symbolic link", "lien symbolique")
    case .other: pick("special file", "fichier spécial")
    }
  }

  private func owner(_ name: String) -> String {
    name.isEmpty
      ? pick("something else", "autre chose") : "“\(TerminalText.safe(name))”"
  }

  /// One checked fact, as a sentence.
  package func words(_ evidence: Evidence) -> String {
    switch evidence {
    case .listedAsLive:
      pick("the file system lists it as present", "le système de fichiers le liste comme présent")
    case .deletedEntry:
      pick("an entry marked as deleted names it", "une entrée marquée effacée le nomme")
    case .journalCopy(let transaction):
      pick(
        "the journal holds its record (transaction \(transaction))",
        "le journal garde sa fiche (transaction \(transaction))")
    case .olderTree(let transaction):
      pick(
        "an older tree of the file system describes it (transaction \(transaction))",
        "un arbre antérieur du système de fichiers le décrit (transaction \(transaction))")
    case .olderVersion:
      pick("a newer version of it is known", "une version plus récente en est connue")
    case .metadataChecksumHolds(let what):
      pick("the checksum of its \(what) holds", "la somme de contrôle (\(what)) est juste")
    case .nameFromJournal(let transaction):
      pick(
        "its name stands in the journal (transaction \(transaction))",
        "son nom figure dans le journal (transaction \(transaction))")
    case .nameFromFreedDirectory:
      pick("its name stands in a freed directory", "son nom figure dans un répertoire libéré")
    case .firstLetterComputed:
      pick(
        "the lost first letter was computed from the long name's checksum",
        "la première lettre perdue a été calculée par la somme du nom long")
    case .firstLetterLost:
      pick(
        "the first letter of its name is lost; “_” stands for it",
        "la première lettre de son nom est perdue ; « _ » la remplace")
    case .firstLetterGuessed:
      pick(
        "the first letter of its name was guessed from other names",
        "la première lettre de son nom a été devinée d'après d'autres noms")
    case .parentUnknown:
      pick("the folder that held it is not known", "le dossier qui le contenait est inconnu")
    case .blockListSurvived:
      pick("the list of its blocks survived", "la liste de ses blocs a survécu")
    case .contiguityAssumed:
      pick(
        "only its start is known; the rest is assumed to follow without a gap",
        "seul son début est connu ; la suite est supposée contiguë")
    case .gapsSkipped(let count):
      pick(
        "\(size(count)) in use by others were skipped on the way to its end",
        "\(size(count)) utilisés par d'autres ont été sautés avant sa fin")
    case .piecesJoined(let count):
      pick(
        "it was put together of \(count) pieces, each found by what its content needs next",
        "il a été reconstitué de \(count) morceaux, trouvés d'après la suite attendue du contenu")
    case .mended(let count, let repair): mended(size(count), repair)
    case .startGuessed(let candidates):
      pick(
        "its start was chosen among \(candidates) candidates",
        "son début a été choisi parmi \(candidates) candidats")
    case .sizeGuessed: pick("its size is not recorded", "sa taille n'est pas enregistrée")
    case .overwritten(let count, let name):
      pick(
        "\(size(count)) now belong to \(owner(name))",
        "\(size(count)) appartiennent maintenant à \(owner(name))")
    case .claimedByDeleted(let count, let name):
      pick(
        "\(size(count)) were used later by \(owner(name)), deleted too",
        "\(size(count)) ont servi plus tard à \(owner(name)), effacé aussi")
    case .allocationUnknown(let count):
      pick(
        "whether \(size(count)) are in use is not known",
        "on ne sait pas si \(size(count)) sont utilisés")
    case .unreadable(let count):
      pick("\(size(count)) could not be read", "\(size(count)) n'ont pas pu être lus")
    case .beyondMedium(let count):
      pick(
        "\(size(count)) lie beyond the end of the source",
        "\(size(count)) sont au-delà de la fin de la source")
    case .blockListIncomplete(let count):
      pick(
        "where \(count == 0 ? "the rest" : size(count)) lies is not known: a part of the list is gone",
        "l'emplacement \(count == 0 ? "du reste" : "de " + size(count)) n'est pas connu : "
          + "une partie de la liste a disparu")
    case .notHandled(let what):
      pick(
        "not handled: \(what)",
        "non pris en charge" + (FrenchRemarks.known(what).map { " : " + $0 } ?? ""))
    case .headerMatched(let format):
      pick("it starts as \(format) does", "il commence comme un fichier \(format)")
    case .headerMismatch(let format):
      pick(
        "its name says \(format), its content does not",
        "son nom annonce \(format), son contenu non")
    case .structureHolds(let format, let length):
      pick(
        "its \(format) structure holds to the end, \(exactSize(length))",
        "sa structure \(format) est saine jusqu'à la fin, \(exactSize(length))")
    case .checksumsHold(let checks, let kind):
      pick(
        "\(checks) \(kind) checksums over all of its content hold",
        "\(checks) sommes \(kind) couvrent tout son contenu et sont justes")
    case .decoded(let what):
      pick(
        "its \(what) data was decoded to the end", "ses données \(what) se décodent jusqu'au bout")
    case .bytesBehindEnd(let count):
      pick(
        "\(size(count)) follow behind its format's end",
        "\(size(count)) suivent la fin de son format")
    case .brokenAt(let offset, let problem):
      pick(
        "it breaks at byte \(exact(offset)): \(problem)",
        "il est rompu à l'octet \(exact(offset))"
          + (FrenchRemarks.known(problem).map { " : " + $0 } ?? ""))
    case .truncatedAt(let offset):
      pick("it is cut at byte \(exact(offset))", "il est coupé à l'octet \(exact(offset))")
    case .allZeros: pick("all of its bytes are zero", "tous ses octets sont nuls")
    case .endReasoned:
      pick(
        "its format does not mark its end; this one is reasoned",
        "son format ne marque pas sa fin ; celle-ci est déduite")
    case .payloadUnchecked:
      pick(
        "nothing in its format tells its data from foreign bytes",
        "rien dans son format ne distingue ses données d'octets étrangers")
    case .pictureJumps(let offset):
      pick(
        "from about byte \(exact(offset)) on its rows do not go on with those above: look at it",
        "à partir de l'octet \(exact(offset)) environ, ses lignes ne prolongent pas les précédentes : à regarder"
      )
    case .nameFromEntry:
      pick(
        "a deleted entry that points at its start gave the name",
        "une entrée effacée qui pointe son début a donné le nom")
    case .nameFromContent: pick("its content gave the name", "son contenu a donné le nom")
    case .nameFromRecycleBin:
      pick(
        "the recycle bin says where it was before", "la corbeille dit où il se trouvait auparavant")
    case .nameFromSize:
      pick(
        "its name is a guess: that of a deleted entry of exactly this size and kind, whose content is lost",
        "son nom est une supposition : celui d'une entrée effacée de cette taille et de ce type exacts, dont le contenu est perdu"
      )
    case .nameFromChangeJournal:
      pick(
        "its name stands in the change journal",
        "son nom figure dans le journal des modifications")
    }
  }

  private func exact(_ offset: ByteOffset) -> String {
    number(Int(clamping: offset.rawValue))
  }
}
