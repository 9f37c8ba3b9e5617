// SPDX-License-Identifier: Apache-2.0

/// What the layers below remark, in French. They speak English alone, in few sentences; numbers in them
/// stand as `#` here and keep their order.
enum FrenchRemarks {
  /// The sentence in French; itself where there is none for it.
  static func text(_ english: String) -> String { known(english) ?? english }

  /// The sentence in French; nil where there is none for it.
  static func known(_ english: String) -> String? {
    var key = ""
    var numbers: [String] = []
    for character in english {
      guard character.isASCII, character.isNumber else {
        key.append(character)
        continue
      }
      if key.last == "#", !numbers.isEmpty {
        numbers[numbers.count - 1].append(character)
      } else {
        key.append("#")
        numbers.append(String(character))
      }
    }
    guard let french = sentences[key] else { return nil }
    var result = ""
    var next = numbers.makeIterator()
    for character in french {
      if character == "#" { result += next.next() ?? "" } else { result.append(character) }
    }
    return result
  }

  private static let sentences: [String: String] = tables.merging(volumes) { $1 }
    .merging(contents) { $1 }

  /// Of partition tables.
  private static let tables = [
    "the chain of logical partitions breaks at sector #":
      "la chaîne des partitions logiques se rompt au secteur #",
    "the chain of logical partitions turns back on itself":
      "la chaîne des partitions logiques revient sur elle-même",
    "more than # logical partitions: the rest is left out":
      "plus de # partitions logiques : le reste est laissé de côté",
    "partition # ends before it starts": "la partition # finit avant de commencer",
    "partition # has impossible bounds": "la partition # a des limites impossibles",
    "partition # lies beyond the end of the disk": "la partition # est au-delà de la fin du disque",
    "partition # reaches beyond the end of the disk and is cut":
      "la partition # dépasse la fin du disque et est coupée",
    "partitions # and # overlap": "les partitions # et # se chevauchent",
  ]

  /// Of volumes.
  private static let volumes = [
    "RAID # and # are not handled": "les RAID # et # ne sont pas pris en charge",
    "checksums of SHA-# are not handled: nothing is verified":
      "sommes de contrôle SHA-# non prises en charge : rien n'est vérifié",
    "checksums of xxHash# are not handled: nothing is verified":
      "sommes de contrôle xxHash# non prises en charge : rien n'est vérifié",
    "checksums of BLAKE#b are not handled: nothing is verified":
      "sommes de contrôle BLAKE#b non prises en charge : rien n'est vérifié",
    "holds encrypted files, whose contents stay unreadable":
      "contient des fichiers chiffrés, dont le contenu reste illisible",
    "libext#fs reads the geometry differently: the superblock may be damaged":
      "libext#fs lit autrement la géométrie : le superbloc est peut-être abîmé",
    "no checksum of a boot region holds":
      "aucune somme de contrôle des secteurs d'amorçage n'est juste",
    "no longer in force: found by # records of its MFT":
      "n'est plus en vigueur : trouvé par # enregistrements de sa MFT",
    "no longer in force: # of # structures agree with it":
      "n'est plus en vigueur : # structures sur # lui correspondent",
    "not unmounted: read through # journal blocks":
      "non démonté : lu à travers # blocs du journal",
    "not unmounted: the log of the last fsyncs is not read":
      "non démonté : le journal des derniers fsync n'est pas lu",
    "one of # devices: what lies on the others is lost":
      "un périphérique sur # : ce qui est sur les autres est perdu",
    "opened by a backup superblock": "ouvert par une copie du superbloc",
    "opened by a mirror of the superblock": "ouvert par un miroir du superbloc",
    "opened by its nodes: its superblocks are gone":
      "ouvert par ses nœuds : ses superblocs ont disparu",
    "opened by the backup boot sector": "ouvert par la copie du secteur d'amorçage",
    "opened by the superblock of another group": "ouvert par le superbloc d'un autre groupe",
    "shadow copies on it, of which the catalogue is damaged; they are not looked at":
      "clichés instantanés, dont le catalogue est abîmé ; ils ne sont pas examinés",
    "shadow copies on it: #; what they alone hold is not looked for":
      "clichés instantanés : # ; ce qu'ils sont seuls à contenir n'est pas cherché",
    "the MFT was found by its mirror": "la MFT a été trouvée par son miroir",
    "the boot region is damaged: its backup was read":
      "les secteurs d'amorçage sont abîmés : leur copie a été lue",
    "the boot sector is damaged: its backup was read":
      "le secteur d'amorçage est abîmé : sa copie a été lue",
    "the chunk tree cannot be read in full: completed by nodes of the past":
      "l'arbre des chunks n'est pas lisible en entier : complété par des nœuds du passé",
    "the journal cannot be read": "le journal est illisible",
    "the journal is on another device: not read":
      "le journal est sur un autre périphérique : non lu",
    "the newest root tree cannot be read: opened by that of transaction #":
      "l'arbre racine le plus récent est illisible : ouvert par celui de la transaction #",
    "the root directory does not tell where the allocation bitmap lies":
      "le répertoire racine ne dit pas où est la table d'allocation",
    "the source begins # bytes behind its start":
      "la source commence # octets après le début du volume",
    "the source ends before the file system does":
      "la source finit avant le système de fichiers",
    "the superblock's checksum fails": "la somme de contrôle du superbloc est fausse",
    "there is no boot sector: where it lies was deduced from its directories":
      "pas de secteur d'amorçage : son emplacement est déduit de ses répertoires",
    "the volume reaches beyond the end of the source": "le volume dépasse la fin de la source",
  ]

  /// Of what files hold.
  private static let contents = [
    "a part of the block list is lost": "une partie de la liste des blocs est perdue",
    "deduplication": "déduplication",
    "encryption": "chiffrement",
    "no clusters are left for the rest": "il ne reste pas de clusters pour la suite",
    "no such first cluster": "ce premier cluster n'existe pas",
    "realtime device": "périphérique temps réel",
    "the checksum of its data does not hold": "la somme de contrôle de ses données est fausse",
    "the cluster chain ends early": "la chaîne des clusters finit trop tôt",
    "compression by the system (WOF)": "compression par le système (WOF)",
    "files in too many pieces": "fichiers en trop de morceaux",
    "too many files that claim the same clusters":
      "trop de fichiers revendiquent les mêmes clusters",
  ]
}

extension Language {
  /// What a layer below remarks in English, in this language.
  package func remark(_ english: String) -> String {
    self == .french ? FrenchRemarks.text(english) : english
  }
}
