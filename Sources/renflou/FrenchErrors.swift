// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Imaging
import Recovery
import Storage

/// An error with French words of its own; its English ones are those of `Explained`.
///
/// The layers below speak English alone: what they know is the reason, and that is worded here.
protocol FrenchExplained: Explained {
  var frenchWhat: String { get }
  var frenchAdvice: String { get }
}

extension SourceError: FrenchExplained {
  var frenchWhat: String {
    switch reason {
    case .missing: "cette source n'existe pas"
    case .noRights: "pas le droit de lire la source"
    case .notASource: "ce n'est ni un disque ni une image"
    case .empty: "la source est vide : 0 octet"
    case .unreadable(let problem): "la source ne s'ouvre pas : \(problem)"
    case .busy: "la source est utilisée : elle est montée, ou fait partie de ce qui l'est"
    case .badMapfile(let problem): "le mapfile est inutilisable : \(problem)"
    case .missingPart(let number): "il manque la partie \(number) de l'image"
    case .badImage(let problem): "l'image est inutilisable : \(problem)"
    }
  }

  var frenchAdvice: String {
    switch reason {
    case .missing: "vérifiez le chemin ; `renflou devices` liste les disques"
    case .noRights: "lancez la commande en root (sudo), ou dans le groupe qui peut la lire"
    case .notASource: "nommez un périphérique comme /dev/sdb, ou un fichier image"
    case .empty: "vérifiez que la copie est finie, ou qu'une carte est dans le lecteur"
    case .unreadable: "vérifiez le câble et le journal du noyau (dmesg)"
    case .busy:
      "démontez-la (lsblk montre ce qui la tient) ; --shared continue si elle n'y est que lue"
    case .badMapfile: "nommez-en un autre avec --map, ou déplacez-le pour lire l'image sans lui"
    case .missingPart: "mettez toutes les parties dans un dossier et nommez la première"
    case .badImage: "nommez la première partie (.E01) ; recopiez-la si elle est abîmée"
    }
  }
}

extension SinkError: FrenchExplained {
  var frenchWhat: String {
    switch reason {
    case .full: "la cible est pleine"
    case .gone: "la cible n'est plus là"
    case .readOnly: "la cible est en lecture seule"
    case .noRights: "pas le droit d'écrire sur la cible"
    case .nameTooLong: "la cible n'accepte pas de noms aussi longs"
    case .tooLarge: "la cible n'accepte pas de fichiers aussi grands"
    case .exists: "quelque chose s'y trouve déjà"
    case .inUse: "un autre travail y écrit"
    case .notAFolder: "la cible n'est pas un dossier"
    case .failed(let words): "écriture impossible : \(words)"
    }
  }

  var frenchAdvice: String {
    switch reason {
    case .full: "faites de la place ou nommez une autre cible, puis relancez la même commande"
    case .gone: "rebranchez la cible, puis relancez la même commande : elle continue"
    case .readOnly, .noRights: "nommez un dossier où vous pouvez écrire, sur un autre disque"
    case .nameTooLong, .tooLarge: "prenez une cible en ext4, XFS, NTFS ou exFAT"
    case .exists: "nommez une autre cible, ou déplacez ce qui s'y trouve"
    case .inUse: "attendez sa fin, ou arrêtez-le"
    case .notAFolder: "nommez un dossier, ou un chemin où il peut être créé"
    case .failed: "vérifiez le disque cible et le journal du noyau (dmesg), puis relancez"
    }
  }
}

extension KnownFileError: FrenchExplained {
  var frenchWhat: String {
    switch reason {
    case .unreadable(let words): "la liste de fichiers connus est illisible : \(words)"
    case .noTable: "cette base n'a pas de table FILE avec des empreintes SHA-256"
    case .noIndex: "cette liste n'a pas d'index des SHA-256 : chaque fichier prendrait des minutes"
    case .empty: "la liste de fichiers connus est vide"
    }
  }

  var frenchAdvice: String {
    switch reason {
    case .unreadable: "vérifiez le fichier, ou décompressez-le de nouveau"
    case .noTable, .empty: "donnez la base que NSRL publie sous le nom « minimal » (RDS version 3)"
    case .noIndex: "prenez l'édition « minimal » de NSRL, pas la complète"
    }
  }
}

extension CaseError: FrenchExplained {
  var frenchWhat: String {
    switch reason {
    case .missing: "ce dossier d'affaire n'existe pas"
    case .notACase: "ce dossier n'est pas une affaire (pas de case.sqlite)"
    case .alreadyThere: "ce dossier contient déjà une affaire"
    case .cannotCreate(let words): "impossible de créer l'affaire : \(words)"
    case .noRights: "pas le droit d'ouvrir l'affaire"
    case .full: "le disque de l'affaire est plein"
    case .corrupt(let words): "l'affaire est endommagée : \(words)"
    case .newer(let schema): "l'affaire vient d'une version plus récente (schéma \(schema))"
    case .busy: "un autre renflou écrit dans cette affaire"
    case .failed(let words): "affaire inutilisable : \(words)"
    }
  }

  var frenchAdvice: String {
    switch reason {
    case .missing, .notACase: "créez-en une : renflou scan SOURCE --case \(folder)"
    case .alreadyThere: "nommez un autre dossier"
    case .cannotCreate, .noRights: "nommez un dossier où vous pouvez écrire"
    case .full: "faites de la place, puis relancez la même commande : elle continue"
    case .corrupt: "analysez de nouveau vers une autre affaire ; la source est intacte"
    case .newer: "utilisez la version plus récente"
    case .busy: "attendez qu'il ait fini, ou nommez une autre affaire"
    case .failed: "vérifiez le disque qui la contient, puis relancez"
    }
  }
}

extension TargetRefused: FrenchExplained {
  var frenchWhat: String {
    switch reason {
    case .sameDisk: "la cible est sur le disque à récupérer"
    case .isSource: "la cible est la source elle-même"
    case .insideSource: "la cible est un système de fichiers monté de la source"
    }
  }

  var frenchAdvice: String {
    "y écrire écraserait des fichiers effacés : nommez un dossier sur un autre disque"
  }
}

extension ScanMismatch: FrenchExplained {
  var frenchWhat: String { "cette affaire vient d'une autre source ou d'autres options" }
  var frenchAdvice: String { "nommez un autre dossier --case, ou la même source et ses options" }
}

extension RescueError: FrenchExplained {
  var frenchWhat: String {
    switch reason {
    case .sourceGone: "la source ne répond plus ; tout ce qui a été lu est enregistré"
    case .anotherDisk: "ce n'est pas le disque dont l'image a été commencée"
    case .worse:
      "l'état du disque s'est aggravé pendant la lecture ; tout ce qui a été lu est enregistré"
    case .noMap: "une image s'y trouve, mais aucun mapfile ne dit ce qui en a été lu"
    case .noImage: "il y a un mapfile, mais pas l'image à laquelle il appartient"
    case .imageDiffers: "l'image ne contient pas ce qui a été lu : sa cible n'est pas sûre"
    }
  }

  var frenchAdvice: String {
    switch reason {
    case .sourceGone:
      "laissez-la refroidir, vérifiez câble et alimentation, puis relancez : la commande continue"
    case .anotherDisk: "branchez le premier, ou nommez une autre image pour celui-ci"
    case .worse:
      "consultez un laboratoire si les données comptent ; relancer continue, aux risques du disque"
    case .noMap: "nommez une autre image, ou le mapfile avec --map"
    case .noImage: "remettez l'image, ou déplacez le mapfile pour recommencer"
    case .imageDiffers: "vérifiez le disque cible, et refaites l'image sur un autre"
    }
  }
}

extension ReadOnlyFlagError: FrenchExplained {
  var frenchWhat: String { "impossible de mettre le périphérique en lecture seule : \(problem)" }
  var frenchAdvice: String {
    isRights ? "lancez la commande en root (sudo)" : "utilisez un bloqueur d'écriture matériel"
  }
}
