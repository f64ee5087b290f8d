namespace Lowrank.Training;

/// <summary>How rows lie in a batch.</summary>
public enum ObjectiveRows
{
    /// <summary>Each by itself.</summary>
    Plain,

    /// <summary>The chosen ones, then the rejected ones in the same order.</summary>
    Pairs,

    /// <summary>Each wanted or unwanted.</summary>
    Unpaired,

    /// <summary>Answers that the model wrote, the answers to a prompt one after the other.</summary>
    Written,
}
