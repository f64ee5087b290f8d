namespace Lowrank.Adapters;

/// <summary>What is found out while a file is read: the faults that make it unreadable, and what its user should be told.</summary>
sealed class ReadFindings
{
    /// <summary>What makes the file unreadable, a sentence each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What the user should be told, a sentence each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What is too small for float32, in which adapters are held.</summary>
    public Underflow Underflow { get; } = new();

    /// <summary>What the file holds and is not used.</summary>
    public List<PassedOver> PassedOver { get; } = [];
}
