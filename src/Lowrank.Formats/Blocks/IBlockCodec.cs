namespace Lowrank.Formats;

/// <summary>How one block type lies in bytes. The plain road and the one over vectors give the same bits; each does one block.</summary>
unsafe interface IBlockCodec
{
    /// <summary>The elements of a block.</summary>
    static abstract void Decode(byte* block, float* values);

    /// <summary>The same, where <see cref="BlockLanes.AreSupported"/>.</summary>
    static abstract void DecodeLanes(byte* block, float* values);

    /// <summary>Rounds elements, all of them finite, as ggml's reference does without an importance matrix.</summary>
    static abstract void Encode(float* values, byte* block);

    /// <summary>The same, where <see cref="BlockLanes.AreSupported"/>.</summary>
    static abstract void EncodeLanes(float* values, byte* block);
}
