using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>How one block type lies in bytes. The plain road and the one over vectors give the same bits; each does one block.</summary>
unsafe interface IBlockCodec
{
    /// <summary>Elements of a <see cref="Part"/>.</summary>
    const int PartElements = 32;

    /// <summary>Room for what a <see cref="Head"/> tells.</summary>
    const int HeadNumbers = 16;

    /// <summary>The elements of a block.</summary>
    static abstract void Decode(byte* block, float* values);

    /// <summary>The same, where <see cref="BlockLanes.AreSupported"/>.</summary>
    static abstract void DecodeLanes(byte* block, float* values);

    /// <summary>Whether <see cref="Part"/> tells the elements too, with AVX-512.</summary>
    static virtual bool HasParts => false;

    /// <summary>What the parts of a block ask, at most <see cref="HeadNumbers"/>.</summary>
    static virtual void Head(byte* block, float* head) { }

    /// <summary>32 elements of a block, the bits of <see cref="DecodeLanes"/>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="halves">As of <see cref="HalfTable"/>.</param>
    /// <param name="head">What <see cref="Head"/> has told.</param>
    /// <param name="part">Which.</param>
    static virtual (Vector512<float> Lower, Vector512<float> Upper) Part(byte* block, float* halves, float* head, int part) =>
        throw new NotSupportedException("the codec has no parts");

    /// <summary>Rounds elements, all of them finite, as ggml's reference does without an importance matrix.</summary>
    static abstract void Encode(float* values, byte* block);

    /// <summary>The same, where <see cref="BlockLanes.AreSupported"/>.</summary>
    static abstract void EncodeLanes(float* values, byte* block);
}
