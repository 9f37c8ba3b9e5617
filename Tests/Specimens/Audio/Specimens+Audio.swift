// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let audio: [Specimen] =
    FLACSpecimens.all + OggSpecimens.all + FrameChainSpecimens.all + FORMSpecimens.all
    + MIDISpecimens.all + LosslessSpecimens.all + SampleFileSpecimens.all + ModuleSpecimens.all
    + PacketSpecimens.all + SynthesisSpecimens.all
}
