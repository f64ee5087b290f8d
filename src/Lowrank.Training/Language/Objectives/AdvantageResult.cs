namespace Lowrank.Training;

/// <summary>What became of rewards.</summary>
/// <param name="Advantages">Of each answer; 0 of one that nobody scored.</param>
/// <param name="Metrics">Numbers under TRL's names.</param>
/// <param name="EqualGroups">How many prompts have answers of one reward alone: they teach nothing.</param>
/// <param name="Unscored">How many answers nobody scored.</param>
public sealed record AdvantageResult(
    IReadOnlyList<double> Advantages, IReadOnlyDictionary<string, double> Metrics, int EqualGroups, int Unscored);
