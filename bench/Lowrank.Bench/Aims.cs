namespace Lowrank.Bench;

/// <summary>Ratios that are aimed at, at the most.</summary>
static class Aims
{
    /// <summary>A training step or its memory against PEFT, in either way.</summary>
    public const double AgainstPeft = 1;

    /// <summary>What an adapter adds to a step, over the base's passes.</summary>
    public const double Added = 0.25;

    /// <summary>Attention against libtorch's own kernel.</summary>
    public const double Attention = 1;

    /// <summary>A step under another method against LoRA's.</summary>
    public const double Method = 1.15;

    /// <summary>Merging against touching or copying the same bytes once.</summary>
    public const double Merge = 1.5;
}
