namespace Lowrank.Diffusion;

/// <summary>How the outcomes of a choice follow each other.</summary>
enum DynamicMethod
{
    /// <summary>Each once, with all that others have.</summary>
    Combinatorial,

    /// <summary>In turn, without end.</summary>
    Cyclical,

    /// <summary>By chance, without end.</summary>
    Random,
}
