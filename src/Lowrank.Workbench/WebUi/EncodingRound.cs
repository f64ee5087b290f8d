namespace Lowrank.Workbench;

/// <summary>Which encoding in the making of a picture it is: each has draws of its own, the same at every place in a batch.</summary>
enum EncodingRound
{
    /// <summary>The picture that is changed.</summary>
    Picture,
    /// <summary>What inpainting models are shown.</summary>
    Shown,
    /// <summary>The first pass's picture, enlarged.</summary>
    Larger,
    /// <summary>What inpainting models are shown in a second pass.</summary>
    LargerShown,
}
