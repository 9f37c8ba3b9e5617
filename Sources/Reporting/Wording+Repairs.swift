// SPDX-License-Identifier: Apache-2.0

import Findings

extension Language {
  /// What was made to let a damaged file be opened; `size` in words.
  func mended(_ size: String, _ repair: Evidence.Repair) -> String {
    switch repair {
    case .movieIndex:
      pick(
        "its index was lost: \(size) were made anew from its own frames, to let it play; they are"
          + " not from the disk",
        "son index est perdu : \(size) ont été recréés d'après ses propres images, pour pouvoir la"
          + " lire ; ils ne viennent pas du disque")
    case .movieIndexByReference:
      pick(
        "its index was lost: \(size) were made anew from its frames and the settings of another"
          + " video found here, to let it play; they are not from the disk",
        "son index est perdu : \(size) ont été recréés d'après ses images et les réglages d'une autre"
          + " vidéo trouvée ici, pour pouvoir la lire ; ils ne viennent pas du disque")
    case .pictureEnd:
      pick(
        "its end is missing: an end mark of \(size) was added, to let it be opened",
        "sa fin manque : une marque de fin de \(size) a été ajoutée, pour pouvoir l'ouvrir")
    case .archiveDirectory:
      pick(
        "its directory is missing: one of \(size) was made over its whole members, to let them be"
          + " opened; it is not from the disk",
        "son répertoire manque : un répertoire de \(size) a été recréé pour ses membres entiers, afin"
          + " de les ouvrir ; il ne vient pas du disque")
    case .objectTable:
      pick(
        "its table of objects is missing: one of \(size) was made anew, to let it be opened; it is"
          + " not from the disk",
        "sa table d'objets manque : une table de \(size) a été recréée, pour pouvoir l'ouvrir ; elle"
          + " ne vient pas du disque")
    case .statedSizes:
      pick(
        "\(size) that state its length were changed to what is left of it, to let it be opened",
        "\(size) qui indiquent sa longueur ont été adaptés à ce qu'il en reste, pour pouvoir l'ouvrir"
      )
    }
  }
}
