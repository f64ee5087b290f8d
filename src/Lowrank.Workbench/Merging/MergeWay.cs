namespace Lowrank.Workbench;

/// <summary>What is merged with what.</summary>
public enum MergeWay
{
    /// <summary>Adapters into a base model.</summary>
    AdaptersIntoModel,

    /// <summary>Adapters into one adapter.</summary>
    AdaptersIntoAdapter,

    /// <summary>Base models into one: a weighted sum.</summary>
    WeightedSum,

    /// <summary>Base models into one: base + times·(plus − minus).</summary>
    Difference,
}
