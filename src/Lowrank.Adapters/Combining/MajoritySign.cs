namespace Lowrank.Adapters;

/// <summary>How the sign that an entry shall have is elected (TIES).</summary>
public enum MajoritySign
{
    /// <summary>The sign of the sum; 0 counts as positive.</summary>
    Total,
    /// <summary>The sign that most have; a tie counts as positive.</summary>
    Frequency,
}
