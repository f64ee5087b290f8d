namespace Lowrank.Training;

/// <summary>Says how good answers are.</summary>
public interface IReward
{
    /// <summary>What it is called in metrics.</summary>
    string Name { get; }

    /// <summary>A number for each answer, in order; null where it has nothing to say of one.</summary>
    /// <exception cref="LowrankException">An answer cannot be scored at all: a column is missing, a program failed.</exception>
    IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers);
}
