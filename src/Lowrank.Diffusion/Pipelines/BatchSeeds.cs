namespace Lowrank.Diffusion;

/// <summary>Which seeds a program gives the pictures of a batch of which the first seed alone is named.</summary>
public enum BatchSeeds
{
    /// <summary>Each picture its own, counting up.</summary>
    CountUp,

    /// <summary>The same, unless variations are mixed in: then variation seeds count up, and all pictures have the one seed.</summary>
    CountUpUnlessVaried,

    /// <summary>All the one seed, whose generator draws for the whole batch.</summary>
    One,
}
